"""Pictures are measured by their header; what is none is an error of its request, and nothing is fetched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bodies import gif, jpeg, png, url, webp
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.errors import RequestError
from gpt41calc.requests.parts import Image
from gpt41calc.requests.pictures import Size, measure


def size_of(address: str, folder: str = ".") -> Size | None:
    """Return how large a picture is."""
    return measure(Image(address, "auto", "here"), folder)


FORMATS = {
    "png": png(640, 480),
    "jpeg": jpeg(640, 480),
    "jpeg with a long preview": jpeg(640, 480, before=200_000),
    "gif": gif(640, 480),
    "webp": webp(640, 480),
}


@pytest.mark.parametrize("raw", FORMATS.values(), ids=FORMATS)
def test_every_format_is_measured_in_a_url_and_in_a_file(raw: bytes, tmp_path: Path) -> None:
    """By what it holds, whatever it is called."""
    (tmp_path / "picture").write_bytes(raw)

    assert Size(640, 480) == size_of(url(raw))
    assert Size(640, 480) == size_of("picture", str(tmp_path))
    assert Size(640, 480) == size_of(f"file://{tmp_path}/picture", str(tmp_path))


def test_remote_pictures_are_not_known() -> None:
    """They are never fetched."""
    assert (None, None) == (size_of("https://example.invalid/a.png"), size_of("HTTP://example.invalid/a.png"))


REFUSED = {
    "svg": (url(b"<svg width='9' height='9'/>", "svg+xml"), "here: not a PNG, JPEG, GIF or WebP picture"),
    "empty": ("data:image/png;base64,", "here: not a PNG, JPEG, GIF or WebP picture"),
    "cut off": (url(png(9, 9)[:12]), "here: a picture whose header is broken"),
    "no size": (url(png(0, 9)), "here: a picture whose header is broken"),
    "huge": (url(png(2_000_000_000, 3)), "here: a picture of 2,000,000,000 by 3 pixels, larger than any model takes"),
    "not base64": ("data:image/png;base64,a*b", "here: a picture that is not valid base64"),
    "percent": ("data:image/png,%89PNG", "here: a data URL that is not in base64"),
    "no data": ("data:", "here: a data URL that is not in base64"),
    "missing": ("gone.png", "here: cannot read the picture gone.png: no such file or directory"),
    "nul": ("a\0b", "here: cannot read the picture 'a\\x00b': not the name of a file"),
}


@pytest.mark.parametrize(("address", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_says_so(address: str, reason: str, tmp_path: Path) -> None:
    """With its place in the body."""
    with pytest.raises(RequestError) as refused:
        size_of(address, str(tmp_path))

    assert reason == str(refused.value)


def test_a_pipe_and_a_folder_are_no_pictures(tmp_path: Path) -> None:
    """Nothing waits for a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe")
    for name, reason in (("pipe", "here: pipe: not a regular file"), (".", "here: cannot read the picture")):
        with pytest.raises(RequestError) as refused:
            size_of(name, str(tmp_path))

        assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(
    "address", ["../secret.png", "{}/secret.png", "file://{}/secret.png", "link", "linked/secret.png"]
)
def test_what_is_outside_the_folder_is_not_opened(address: str, tmp_path: Path) -> None:
    """A request from anyone learns nothing of other files, by a path or by a link, not even whether they exist."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to("../secret.png")
    (folder / "linked").symlink_to("..")
    told = []
    for raw in (None, png(640, 480), b"no picture"):
        if raw is not None:
            (tmp_path / "secret.png").write_bytes(raw)
        with pytest.raises(RequestError) as refused:
            size_of(address.format(tmp_path), str(folder))
        told.append(str(refused.value))
    name = address.rpartition("/")[2]

    assert [f"here: the picture {name} is outside the folder of the request, and is not opened"] * 3 == told


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    """What it leads to could have been named."""
    (tmp_path / "picture.png").write_bytes(png(640, 480))
    (tmp_path / "link").symlink_to("picture.png")

    assert Size(640, 480) == size_of("link", str(tmp_path))


@given(st.sampled_from([*FORMATS.values()]), st.integers(0, 40), st.binary(max_size=30))
def test_a_broken_picture_is_measured_or_refused(raw: bytes, cut: int, more: bytes) -> None:
    """Never a crash, and never a size that is none."""
    try:
        size = size_of(url(raw[:cut] + more))
    except RequestError:
        return

    assert size is not None
    assert min(size.width, size.height) > 0
