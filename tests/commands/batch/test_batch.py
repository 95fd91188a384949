"""``batch`` prices files of requests, line by line, whatever is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bodies import batch_line, jsonl, png, url
from conftest import TODAY, Spawn
from golden import hold_against_case

from gpt41calc.tokenizer.engines import tokenizer

STABLE = "You answer in one word. " * 300
"""1,801 tokens."""


def count(text: str) -> int:
    """Return the tokens of a text."""
    return tokenizer("o200k_base").count(text)


def plan_of(spawn: Spawn, path: Path, *options: str, status: int = 0) -> dict[str, Any]:
    """Return the document of a batch."""
    ended = spawn("batch", str(path), "--json", "--as-of", TODAY, *options)
    assert status == ended.status, ended.stderr
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def test_cached_tokens_of_a_known_prefix(spawn: Spawn, tmp_path: Path) -> None:
    """Ten requests share 1,807 tokens; the cache serves nine of them 1,792 each."""
    path = tmp_path / "known.jsonl"
    path.write_bytes(jsonl(*(batch_line(f"r{at}", STABLE, f"{at} and what?") for at in range(10))))
    model = plan_of(spawn, path)["models"][0]
    # Three and a role around the stable text, three and a role before what differs.
    assert 1792 <= 3 + 1 + count(STABLE) + 3 + 1 < 1792 + 128
    each = 3 + 1 + count(STABLE) + 3 + 1 + count("1 and what?") + 3
    cached, whole = 9 * 1792, 10 * each

    assert (10, whole, cached) == (model["requests"], model["input_tokens"]["total"], model["cached_tokens"])
    assert round(cached / whole, 6) == model["hit_rate"]
    modes = {mode["way"]: mode["total"] for mode in model["offers"][0]["ways"]}
    assert {
        "one_by_one": pytest.approx((whole * 2 + 10_000 * 8) / 10**6),
        "cached": pytest.approx((whole * 2 - cached * 1.5 + 10_000 * 8) / 10**6),
        "batch": pytest.approx((whole * 1 + 10_000 * 4) / 10**6),
        "flex": None,
        "priority": pytest.approx((whole * 3.5 + 10_000 * 14) / 10**6),
    } == modes


@pytest.mark.packaging
def test_cached_tokens_of_fifty_thousand_requests(spawn: Spawn, tmp_path: Path) -> None:
    """As many as a batch may have: 49,999 of them are served 1,024 tokens, and one more request takes a second file."""
    stable = "a b c d " * 260
    assert 1024 <= 3 + 1 + count(stable) + 3 + 1 < 1152
    path = tmp_path / "many.jsonl"
    path.write_bytes(jsonl(*(batch_line(f"r{at}", stable, f"{at} and what?") for at in range(50_000))))
    whole = plan_of(spawn, path)
    with path.open("ab") as file:
        file.write(jsonl(batch_line("more", stable, "?")))
    more = plan_of(spawn, path)

    assert [49_999 * 1024, 50_000 * 1024] == [one["models"][0]["cached_tokens"] for one in (whole, more)]
    assert [(50_000, 1), (50_001, 2)] == [(one["requests"], one["batch"]["files"]) for one in (whole, more)]


def test_a_calibration_says_how_long_answers_are(spawn: Spawn, tmp_path: Path) -> None:
    """What usage has learned of a model, unless something is typed."""
    answer = {"object": "chat.completion", "created": 1_763_800_000, "model": "gpt-4.1"}
    lengths = [10] * 5 + [400] * 5
    answers = [
        answer | {"usage": {"prompt_tokens": 9, "completion_tokens": length, "total_tokens": 9 + length}}
        for length in lengths
    ]
    (tmp_path / "answers.jsonl").write_bytes(jsonl(*answers))
    learned = spawn("usage", "answers.jsonl", "--calibrate", "learned.json", "-q")
    assert 0 == learned.status, learned.stderr
    path = tmp_path / "f.jsonl"
    path.write_bytes(jsonl(batch_line("a", "Hi"), batch_line("b", "Hi")))
    known = ("--calibration", str(tmp_path / "learned.json"))
    found = [
        plan_of(spawn, path, *known, *more)["models"][0]["output_tokens"]
        for more in ((), ("--output-tokens", "p90"), ("--output-tokens", "7"))
    ]

    assert [2 * 10, 2 * 400, 2 * 7] == found


def test_reordering_is_worth_what_it_says(spawn: Spawn, tmp_path: Path) -> None:
    """A document behind a question is served to nobody; before it, to eight of ten, once it was met twice."""
    path = tmp_path / "behind.jsonl"
    lines = []
    for at in range(10):
        line = batch_line(f"r{at}", "Be brief.")
        parts = [{"type": "text", "text": f"{at} is the question"}, {"type": "text", "text": STABLE}]
        line["body"]["messages"].append({"role": "user", "content": parts})
        lines.append(line)
    path.write_bytes(jsonl(*lines))
    model = plan_of(spawn, path)["models"][0]
    alike = count("Be brief.") + count(STABLE)

    assert (0, 8 * (alike // 128 * 128)) == (model["cached_tokens"], model["reordered"]["cached_tokens"])
    assert model["reordered"]["total"] < next(
        mode["total"] for mode in model["offers"][0]["ways"] if mode["way"] == "cached"
    )


HOSTILE = [
    (b'{"custom_id": NaN}', "NaN, which is no number in JSON"),
    (b'{"custom_id": 1e400}', "a number that is too large or too long: 1e400"),
    (b'{"custom_id": "a", "custom_id": "b"}', 'the key "custom_id" is there twice'),
    (b'{"n": ' + b"7" * 5000 + b"}", "a number of 5,000 digits"),
    (b"[" * 5000 + b"]" * 5000, "nested deeper than 100 levels"),
    (rb'{"custom_id": "\ud800"}', r"half a surrogate pair (\ud800), which is no character"),
    (b'{"custom_id": "\xff"}', "not UTF-8: byte 0xff at 16"),
    (b"\0", "not JSON: expecting value at column 1"),
    (b"null", "the body: expected an object, found null"),
    (b"{}", "the body: missing messages, input or contents"),
    (json.dumps(batch_line("m", "a", model="gpt-9")).encode(), "unknown model 'gpt-9'"),
    (
        json.dumps({"custom_id": "n", "body": {"messages": [{"role": "user", "content": "a"}]}}).encode(),
        "no model; give one with -m",
    ),
    (
        json.dumps(batch_line("i", "a", tools=[{"type": "web_search"}])).encode(),
        "body.tools[0]: a tool of the type 'web_search', whose tokens are not published",
    ),
]


def test_bad_lines_are_listed_and_the_others_are_priced(spawn: Spawn, tmp_path: Path) -> None:
    """Each with file, line and reason; between CRLF, U+2028 and blank lines, to a last line that is cut off."""
    good = json.dumps(batch_line("good", "a\u2028b", "c\u0085d"), ensure_ascii=False).encode()
    path = tmp_path / "bad.jsonl"
    raw = b"\xef\xbb\xbf" + good + b"\r\n\r\n" + b"".join(line + b"\n" for line, _ in HOSTILE)
    path.write_bytes(raw + good.replace(b'"good"', b'"last"') + b"\n" + good[:-9])
    document = plan_of(spawn, path, status=3)
    first = 3  # after a line that is good and one that is blank
    reasons = [reason for _, reason in HOSTILE]
    end = first + len(HOSTILE) + 1

    assert [
        *((f"{path}:{first + at}", reason) for at, reason in enumerate(reasons)),
        (f"{path}:{end}", "not JSON: it ends in the middle of a value"),
    ] == [(one["path"], one["reason"]) for one in document["skipped"]]
    assert (2, False) == (document["requests"], document["complete"])


def test_bad_lines_are_said_on_standard_error(spawn: Spawn, tmp_path: Path) -> None:
    """And the report is still there."""
    (tmp_path / "f.jsonl").write_bytes(jsonl(batch_line("a", "Hi"), b"{", batch_line("b", "Hi")))
    ended = spawn("batch", "f.jsonl")

    assert 3 == ended.status
    assert "gpt41calc: warning: f.jsonl:2: not JSON: it ends in the middle of a value\n" == ended.stderr
    assert "2 requests" in ended.stdout


def test_a_line_as_long_as_a_file_is_its_own_reason(spawn: Spawn, tmp_path: Path) -> None:
    """It is not held in memory, and the lines around it are priced."""
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(jsonl(batch_line("a", "Hi")))
        for _ in range(80):
            file.write(b"x" * 2**20)
        file.write(b"\n" + jsonl(batch_line("b", "Hi")))
    document = plan_of(spawn, path, status=3)

    assert 2 == document["requests"]
    assert ["a line of more than 67,108,864 bytes"] == [one["reason"] for one in document["skipped"]]


def test_what_the_api_would_refuse_is_said(spawn: Spawn, tmp_path: Path) -> None:
    """A custom_id that was there before, too much output, a prompt over the window: priced, and listed."""
    path = tmp_path / "refused.jsonl"
    path.write_bytes(
        jsonl(
            batch_line("a", "Hi"),
            batch_line("a", "Ho"),
            batch_line("b", "Hi", max_tokens=32_769),
            batch_line("c", "Hi", max_tokens=32_768),
            batch_line("d", "a " * 9000, model="gpt-4"),
        )
    )
    document = plan_of(spawn, path)

    assert 3 == document["refused"]["requests"]
    assert [
        (f"{path}:2", "the custom_id 'a' was there before"),
        (f"{path}:3", "asks for 32,769 output tokens, GPT-4.1 gives at most 32,768"),
        (f"{path}:5", "9,008 tokens and 0 for the answer are over the window of 8,192"),
    ] == [(one["path"], one["reason"]) for one in document["refused"]["listed"]]
    assert ["gpt-4.1", "gpt-4"] == [model["id"] for model in document["models"]]


def test_a_form_that_a_batch_refuses_is_said(spawn: Spawn, tmp_path: Path) -> None:
    """A line without method or url, and one in the form of another vendor: priced, and listed; with -m it is not."""
    whole = batch_line("a", "Hi")
    params = {"model": "gpt-4.1", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    path = tmp_path / "forms.jsonl"
    path.write_bytes(
        jsonl(
            whole,
            {key: value for key, value in whole.items() if key != "method"} | {"custom_id": "b"},
            {key: value for key, value in whole.items() if key != "url"} | {"custom_id": "c"},
            {"custom_id": "d", "params": params},
            {"custom_id": "e", "params": params | {"model": "claude-3-7-sonnet"}},
            whole | {"custom_id": "f", "body": params | {"model": "claude-3-7-sonnet"}},
        )
    )
    refused = plan_of(spawn, path)["refused"]
    with_model = plan_of(spawn, path, "-m", "gpt-4.1")["refused"]

    assert [
        (f"{path}:2", "no method: a batch takes POST alone, and it has to be there"),
        (f"{path}:3", "no url: it has to be that of the batch"),
        (f"{path}:4", "written for Anthropic's batches, and GPT-4.1 is OpenAI's"),
        (f"{path}:6", "written for OpenAI's batches, and Claude 3.7 Sonnet is Anthropic's"),
    ] == [(one["path"], one["reason"]) for one in refused["listed"]]
    assert [f"{path}:2", f"{path}:3"] == [one["path"] for one in with_model["listed"]]


def test_a_url_of_azure_and_the_name_of_a_deployment(spawn: Spawn, tmp_path: Path) -> None:
    """Its url has no version in front, and its model is known with -m alone."""
    lines = [batch_line(str(at), "Hi", model="my-deployment") | {"url": "/chat/completions"} for at in range(2)]
    path = tmp_path / "azure.jsonl"
    path.write_bytes(jsonl(*lines))
    found, unknown = plan_of(spawn, path, "-m", "gpt-4.1"), plan_of(spawn, path, status=3)

    assert (2, 0, 1) == (found["requests"], found["refused"]["requests"], found["batch"]["files"])
    assert (0, 2) == (unknown["requests"], len(unknown["skipped"]))


def test_a_file_has_one_model_and_one_url(spawn: Spawn, tmp_path: Path) -> None:
    """Lines of several are divided, however they are mixed, and each part stays within the limits."""
    limits = tmp_path / "limits.toml"
    limits.write_text("[batch]\nrequests = 2\nfile_bytes = 100_000\n", encoding="utf-8")
    responses = {"url": "/v1/responses", "body": {"model": "gpt-4.1", "input": "Hi"}}
    first = [batch_line(f"a{at}", "Hi") for at in range(3)]
    mini = [batch_line(f"b{at}", "Hi", model="gpt-4.1-mini") for at in range(2)]
    other = [batch_line(f"c{at}", "Hi") | responses for at in range(2)]
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(jsonl(first[0], mini[0], other[0], first[1], mini[1], first[2], other[1]))
    options = ("--split", str(tmp_path / "parts"), "--limits", str(limits))
    document = plan_of(spawn, path, *options)

    assert [jsonl(*first[:2]), jsonl(*mini), jsonl(*other), jsonl(first[2])] == [
        one.read_bytes() for one in sorted((tmp_path / "parts").iterdir())
    ]
    assert 4 == document["batch"]["files"]
    assert "a batch takes it in 3 files, one or more for each model and url" in spawn("batch", str(path)).stdout


def test_a_file_of_very_many_models_is_split(spawn: Spawn, tmp_path: Path) -> None:
    """More parts than may be open at once are written one line at a time, and each is whole."""
    names = [f"ft:gpt-4.1-2025-04-14:acme::m{number}" for number in range(100)]
    lines = [batch_line(f"{turn} {name}", "Hi", model=name) for turn in range(2) for name in names]
    path = tmp_path / "tuned.jsonl"
    path.write_bytes(jsonl(*lines))
    plan_of(spawn, path, "--split", str(tmp_path / "parts"))

    assert [jsonl(lines[number], lines[number + 100]) for number in range(100)] == [
        one.read_bytes() for one in sorted((tmp_path / "parts").iterdir())
    ]


def test_split_writes_files_that_a_batch_takes(spawn: Spawn, tmp_path: Path) -> None:
    """Line by line as they were, without those that the API would refuse; the status says that some are missing."""
    limits = tmp_path / "limits.toml"
    limits.write_text("[batch]\nrequests = 2\nfile_bytes = 400\n", encoding="utf-8")
    lines = [batch_line(f"r{at}", "Hi") for at in range(5)]
    path = tmp_path / "all.jsonl"
    path.write_bytes(jsonl(*lines, lines[0], batch_line("long", "x" * 400)).replace(b"\n", b"\r\n"))
    document = plan_of(spawn, path, "--split", str(tmp_path / "parts"), "--limits", str(limits), status=3)
    written = sorted((tmp_path / "parts").iterdir())

    assert ["all-001.jsonl", "all-002.jsonl", "all-003.jsonl"] == [one.name for one in written]
    assert [jsonl(*lines[:2]), jsonl(*lines[2:4]), jsonl(lines[4])] == [one.read_bytes() for one in written]
    assert [str(one) for one in written] == document["batch"]["written"]
    assert 3 == document["batch"]["files"]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that fails while it is read")
def test_split_of_a_file_that_cannot_be_read_writes_nothing(spawn: Spawn, tmp_path: Path) -> None:
    """A folder of files is complete or not there; half of a file would be sent as if it were all."""
    ended = spawn("batch", "/proc/self/mem", "--split", "parts", "-q")

    assert (3, []) == (ended.status, list((tmp_path / "parts").iterdir()))


def test_split_writes_nothing_over_what_is_there(spawn: Spawn, tmp_path: Path) -> None:
    """What is left of an earlier run would be sent again."""
    (tmp_path / "a.jsonl").write_bytes(jsonl(batch_line("a", "Hi")))
    expected = (0, 2, "gpt41calc: error: --split: parts already holds a-001.jsonl\n")
    first = spawn("batch", "a.jsonl", "--split", "parts", "-q")
    second = spawn("batch", "a.jsonl", "--split", "parts", "-q")

    assert expected == (first.status, second.status, second.stderr.splitlines(keepends=True)[0])
    assert ["a-001.jsonl"] == [one.name for one in (tmp_path / "parts").iterdir()]


def test_output_tokens_of_each_body(spawn: Spawn, tmp_path: Path) -> None:
    """Its own cap, if it is less than what is expected, times the answers it asks for; 1,000 where it has none."""
    path = tmp_path / "caps.jsonl"
    path.write_bytes(
        jsonl(
            batch_line("a", "Hi", max_tokens=50),
            batch_line("b", "Hi", max_completion_tokens=7, n=3),
            batch_line("c", "Hi"),
            batch_line("d", "Hi", max_tokens=4000),
        )
    )
    given = plan_of(spawn, path)["models"][0]
    typed = plan_of(spawn, path, "--output-tokens", "20")["models"][0]
    own = plan_of(spawn, path, "--output-tokens", "cap")["models"][0]

    assert (50 + 21 + 1000 + 1000, 2) == (given["output_tokens"], given["capped_requests"])
    assert (20 + 21 + 20 + 20, 1) == (typed["output_tokens"], typed["capped_requests"])
    assert (50 + 21 + 1000 + 4000, 3) == (own["output_tokens"], own["capped_requests"])


def test_one_model_for_all_requests(spawn: Spawn, tmp_path: Path) -> None:
    """With -m, what each body names does not matter, and unknown names are no reason to skip."""
    path = tmp_path / "all.jsonl"
    path.write_bytes(jsonl(batch_line("a", "Hi", model="gpt-9"), {"input": "Hi", "model": "gpt-4o"}))
    document = plan_of(spawn, path, "-m", "gpt-4.1-mini", "-m", "gpt-4")

    assert [("gpt-4.1-mini", 2), ("gpt-4", 2)] == [(one["id"], one["requests"]) for one in document["models"]]


def test_pictures_are_counted_for_every_model_by_its_own_rule(spawn: Spawn, tmp_path: Path) -> None:
    """In data URLs, in files beside the batch file, and at an assumed size where they are remote."""
    (tmp_path / "p.png").write_bytes(png(1024, 1024))

    def line(name: str, address: str) -> dict[str, Any]:
        one = batch_line(name, "See.")
        part = {"type": "image_url", "image_url": {"url": address}}
        one["body"]["messages"].append({"role": "user", "content": [part]})
        return one

    def tokens(address: str, *options: str) -> tuple[list[int], int]:
        path = tmp_path / "one.jsonl"
        path.write_bytes(jsonl(line("a", address)))
        model = plan_of(spawn, path, *options)["models"][0]
        offers = {offer["model"]: offer["input_tokens"] for offer in model["offers"]}
        text = 3 + 1 + count("See.") + 3 + 1 + 3
        chosen = [offers[name] - text for name in ("gpt-4.1", "gpt-4.1-mini", "gpt-4o")]
        return chosen, model["assumed_pictures"]

    assert ([765, 1660, 765], 0) == tokens(url(png(1024, 1024)))
    assert ([765, 1660, 765], 0) == tokens("p.png")
    assert ([765, 1660, 765], 1) == tokens("https://example.invalid/p.png", "--assume-image", "1024x1024")
    assert ([1445, 2490, 1445], 1) == tokens("https://example.invalid/p.png")


def test_a_broken_picture_is_the_reason_of_its_line(spawn: Spawn, tmp_path: Path) -> None:
    """The request before it is priced."""
    broken = batch_line("b", "See.")
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    broken["body"]["messages"].append({"role": "user", "content": [part]})
    path = tmp_path / "f.jsonl"
    path.write_bytes(jsonl(batch_line("a", "Hi"), broken))
    document = plan_of(spawn, path, status=3)
    where = "body.messages[1].content[0].image_url"

    assert [f"{where}: not a PNG, JPEG, GIF or WebP picture"] == [one["reason"] for one in document["skipped"]]
    assert 1 == document["requests"]


def test_standard_input_and_what_is_no_file(spawn: Spawn, tmp_path: Path) -> None:
    """A pipe is read as it comes; a folder and a file that is missing are asked wrongly."""
    raw = jsonl(batch_line("a", "Hi"), b"{")
    piped = spawn("batch", "-", stdin=raw)

    assert (3, True) == (piped.status, "<stdin>:2: not JSON" in piped.stderr)
    assert [2, 2] == [spawn("batch", str(path)).status for path in (tmp_path, tmp_path / "gone")]
    assert (0, "gpt41calc: warning: no request to price\n") == (
        (empty := spawn("batch", "-", stdin=b"\n\n")).status,
        empty.stderr,
    )


@pytest.mark.parametrize("chosen", ["plain", "json", "csv", "markdown"])
def test_reports_are_as_they_were(spawn: Spawn, tmp_path: Path, chosen: str) -> None:
    """The same small file in every format."""
    system = "You answer in one word. " * 200
    lines = [batch_line(f"r{at}", system, f"Question {at}", max_tokens=100) for at in range(20)]
    lines += [batch_line("mini", "Be brief.", "Hello", model="gpt-4.1-mini"), batch_line("r1", "a")]
    (tmp_path / "requests.jsonl").write_bytes(jsonl(*lines, b'{"custom_id": "cut'))
    ended = spawn("batch", "requests.jsonl", "-f", chosen, "--as-of", TODAY, "--output-tokens", "cap")
    ending = {"plain": "plain.txt", "markdown": "md"}.get(chosen, chosen)

    assert 3 == ended.status
    hold_against_case(f"batch.{ending}", ended.stdout)


def test_quiet_is_the_sum_of_all_models(spawn: Spawn, tmp_path: Path) -> None:
    """Of requests to several models, all are priced in one mode; the table has the same sum."""
    path = tmp_path / "mixed.jsonl"
    names = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-mini")
    path.write_bytes(jsonl(*(batch_line(f"r{at}", "Be kind", "Hi", model=name) for at, name in enumerate(names))))
    models = plan_of(spawn, path)["models"]
    by_mode = [[way["total"] for way in model["offers"][0]["ways"]] for model in models]
    expected = min(sum(each) for each in zip(*by_mode, strict=True) if None not in each)
    ended = spawn("batch", str(path), "-q", "--as-of", TODAY)

    assert expected == pytest.approx(float(ended.stdout))


def test_quiet_is_the_cheapest_way_of_the_model_itself(spawn: Spawn, tmp_path: Path) -> None:
    """One number: of the model that was asked for, though another variant costs less."""
    path = tmp_path / "few.jsonl"
    path.write_bytes(jsonl(*(batch_line(f"r{at}", "Be kind", "Hi") for at in range(3))))
    own = plan_of(spawn, path)["models"][0]["offers"][0]
    cheapest = min(mode["total"] for mode in own["ways"] if mode["total"] is not None)
    ended = spawn("batch", str(path), "-q", "--as-of", TODAY)

    assert cheapest == pytest.approx(float(ended.stdout))
