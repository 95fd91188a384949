"""Google's store, Hadoop's and Hugging Face's: the right one is asked, and what it lacks is one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Spawn

pytest.importorskip("pyarrow")

from gpt41calc.dataset.stores import open_store

SECRET = "verysecretvalue"  # noqa: S105 - of nobody


@pytest.fixture
def google() -> Iterator[str]:
    """Return host and port of a local Google store with an empty bucket ``rows``."""
    server = pytest.importorskip("gcp_storage_emulator.server", reason="pip install gcp-storage-emulator")
    created = server.create_server("127.0.0.1", 0, in_memory=True, default_bucket="rows")
    created.start()
    try:
        host, port = created._api._httpd.server_address  # noqa: SLF001 - it says its port nowhere else
        yield f"{host}:{port}"
    finally:
        created.stop()


def test_the_store_of_an_address() -> None:
    """Schemes are those of the vendors."""
    addresses = ["gs://anonymous@rows/a.jsonl", "gcs://anonymous@rows/a.jsonl", "s3://k:s@rows/a.jsonl?region=x"]

    assert ["gcs", "gcs", "s3"] == [open_store(address)[0].type_name for address in addresses]
    assert {"rows/a.jsonl"} == {open_store(address)[1] for address in addresses}


@pytest.mark.filterwarnings("default")
def test_rows_of_google(google: str, spawn: Spawn) -> None:
    """A file, a folder and a glob of a bucket are counted; one that is not there is said."""
    options = f"?scheme=http&endpoint_override={google.replace(':', '%3A')}"
    store, path = open_store(f"gs://anonymous@rows/many/a.jsonl{options}")
    with store.open_output_stream(path) as stream:
        stream.write(b'{"text": "hello world"}\n' * 3)
    found = [
        spawn("dataset", f"gs://anonymous@rows/{each}{options}", "-q").stdout
        for each in ("many/a.jsonl", "many/*.jsonl", "many")
    ]
    missing = spawn("dataset", f"gs://anonymous@rows/none.jsonl{options}")

    assert ["6\n"] * 3 == found
    assert (2, "") == (missing.status, missing.stdout)
    assert "gs://rows/none.jsonl does not exist" in missing.stderr


WITHOUT: dict[str, tuple[str, dict[str, str], str]] = {
    "Google, which nobody reaches": (
        f"gs://rows/a.jsonl?scheme=http&endpoint_override=127.0.0.1%3A9&retry_limit_seconds=1&key={SECRET}",
        {"GOOGLE_APPLICATION_CREDENTIALS": "nowhere.json"},
        "gcloud auth application-default login",
    ),
    "Hadoop without its client": (
        f"hdfs://user:{SECRET}@namenode:8020/rows.parquet",
        {"HADOOP_HOME": "nowhere", "ARROW_LIBHDFS_DIR": "nowhere", "JAVA_HOME": "nowhere", "CLASSPATH": ""},
        "set HADOOP_HOME",
    ),
    "Hugging Face without its package": (
        f"hf://user:{SECRET}@datasets/a/b/rows.parquet",
        {"PYTHONPATH": "."},
        "install",
    ),
}
"""An address, the environment, and what the hint says to do."""


@pytest.mark.parametrize("name", WITHOUT)
def test_what_a_store_lacks_is_said(name: str, spawn: Spawn, tmp_path: Path) -> None:
    """Exit code 2: a sentence with the address, a hint with what to do, no secret, and nothing else."""
    (tmp_path / "huggingface_hub.py").write_text("raise ImportError\n")
    address, environment, expected = WITHOUT[name]
    ended = spawn("dataset", address, env=environment)
    error, hint = ended.stderr.splitlines()

    assert (2, "") == (ended.status, ended.stdout)
    assert error.startswith(f"gpt41calc: error: {address.partition('://')[0]}://")
    assert hint.startswith("gpt41calc: hint: ")
    assert expected in hint
    assert SECRET not in ended.stderr
