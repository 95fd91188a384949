"""Rows in a store: a local S3 server stands for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from conftest import Spawn

pytest.importorskip("pyarrow")
if find_spec("moto") is None or find_spec("flask") is None:
    pytest.skip("a local S3 server: pip install 'moto[server]'", allow_module_level=True)

KEY, SECRET = "AKIDENTIFIER", "verysecretvalue"


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Return the host and port of a server with a bucket of rows."""
    from moto.server import ThreadedMotoServer  # half a second, which collecting the tests need not take

    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    try:
        yield f"{host}:{port}"
    finally:
        started.stop()


def _address(endpoint: str, path: str) -> str:
    host, _, port = endpoint.partition(":")
    return f"s3://{KEY}:{SECRET}@{path}?scheme=http&endpoint_override={host}%3A{port}&allow_bucket_creation=true"


@pytest.mark.filterwarnings("default")
def test_rows_of_a_bucket(endpoint: str, spawn: Spawn) -> None:
    """They are counted as files of this machine are, and no message shows a credential."""
    from pyarrow import fs

    store, _ = fs.FileSystem.from_uri(_address(endpoint, "rows"))
    store.create_dir("rows")
    with store.open_output_stream("rows/a.jsonl") as stream:
        stream.write(b'{"text": "hello world"}\n' * 3)
    found = spawn("dataset", _address(endpoint, "rows/a.jsonl"), "-q")
    listed = spawn("dataset", _address(endpoint, "rows/*.jsonl"), "-q")
    missing = spawn("dataset", _address(endpoint, "rows/none.jsonl"))

    assert (0, "6\n") == (found.status, found.stdout), found.stderr
    assert "6\n" == listed.stdout, listed.stderr
    assert 2 == missing.status
    assert "s3://rows/none.jsonl" in missing.stderr
    assert not any(one in text for one in (KEY, SECRET) for text in (missing.stderr, found.stderr, found.stdout))


@pytest.mark.filterwarnings("default")
def test_a_sample_of_a_bucket(endpoint: str, spawn: Spawn) -> None:
    """No more is read of it than --max-read allows, and the truth lies between its bounds."""
    from pyarrow import fs

    store, _ = fs.FileSystem.from_uri(_address(endpoint, "rows"))
    store.create_dir("rows")
    for number in range(40):
        with store.open_output_stream(f"rows/many/{number:02}.jsonl") as stream:
            stream.write(b'{"text": "' + b"hello " * (number % 7) + b'world"}\n')
    ended = spawn(
        "dataset", _address(endpoint, "rows/many"), "--sample", "99%", "--max-read", "1200", "--workers", "1", "--json"
    )
    found = json.loads(ended.stdout)
    tokens = found["models"][0]["input_tokens"]

    assert (0, "sampled", 40) == (ended.status, found["exactness"], found["sample"]["of"]), ended.stderr
    assert 600 < found["bytes_read"] <= 1200 < found["bytes"]
    assert tokens["low"] <= sum(1 + number % 7 for number in range(40)) <= tokens["high"]
