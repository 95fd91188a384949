"""Start the program as a process of its own without importing it anew: four fifths of a short run are imports.

``ForkServer`` keeps processes that have imported the package, and what a group of
commands needs besides: ``tokens`` a vocabulary (0.25 s), ``dataset`` pyarrow and pandas,
too. Each is started by the first run that needs it. For a run it forks; the copy gets
the descriptors, the folder, the environment and the arguments of the test, and does
what ``python -m gpt41calc`` does. It ends as the program does, by its own status or by
a signal.

What only a fresh interpreter can show (how it starts, its limits, its options, its
encoding) is not tested so: :func:`can_fork` tells.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["ForkServer", "can_fork"]

_LENGTH = struct.Struct("!I")

_FRESH = ("PYTHON", "COVERAGE_", "LD_", "MALLOC_", "_GPT41CALC_COMPLETE", "TYPER_", "_TYPER_")
"""How the names of variables begin that are read when an interpreter starts or a package is imported."""


def can_fork(environment: dict[str, str]) -> bool:
    """Tell whether a run with this environment is the same in a copy of a started interpreter."""
    names = environment.keys() - ({"PYTHONPATH"} if _customization(environment) else set())
    return (
        sys.platform == "linux"
        and environment.get("LC_ALL") == "C.UTF-8"
        and not any(name.startswith(_FRESH) for name in names)
    )


def _customization(environment: dict[str, str]) -> Path | None:
    """Return what an interpreter would run before the program, if PYTHONPATH leads to nothing else: a copy runs it."""
    folder = environment.get("PYTHONPATH")
    if not folder or {path.name for path in Path(folder).glob("*")} - {"__pycache__"} != {"sitecustomize.py"}:
        return None
    return Path(folder, "sitecustomize.py")


_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""For numpy and pyarrow, which start threads when they are imported: a copy would not have them."""

_WITHOUT = frozenset(("cache", "explore", "models", "pricing", "recommend", "schema", "usage"))
"""The commands that need no vocabulary, as do runs without a command: their copies are made in 1 ms, not in 5."""


class ForkServer:
    """Processes that have imported the program, and start copies of themselves."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._started: dict[str, _Server] = {}

    def close(self) -> None:
        """End them."""
        for server in self._started.values():
            server.close()

    def run(
        self,
        arguments: Sequence[str | bytes],
        *,
        environment: dict[str, str],
        cwd: Path,
        stdin: bytes | int,
        stdout: Any = subprocess.PIPE,
        stderr: Any = subprocess.PIPE,
        timeout: float = 120,
    ) -> tuple[int, bytes | None, bytes | None]:
        """Run the program; return its status and what it wrote where a pipe was asked for.

        Raises:
            subprocess.TimeoutExpired: It took longer than ``timeout`` seconds, and was killed.
            OSError: The folder cannot be entered.
        """
        if not cwd.is_dir():
            raise FileNotFoundError(cwd)
        loaded = _loaded(arguments)
        if loaded not in self._started:
            self._started[loaded] = _Server(loaded)
        return self._started[loaded].run(arguments, environment, cwd, _Streams(stdin, stdout, stderr), timeout)


def _loaded(arguments: Sequence[str | bytes]) -> str:
    command = os.fsdecode(arguments[0]) if arguments else ""
    if command == "dataset" or "--column" in arguments:
        return "rows"
    return "program" if command in _WITHOUT or command.startswith("-") or not command else "vocabulary"


class _Server:
    """One process, and the socket to it."""

    def __init__(self, loaded: str) -> None:
        """Start it; it ends with the process that asked for it."""
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno()), loaded],
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", ""), **_ONE_THREAD},
                pass_fds=[theirs.fileno()],
            )

    def close(self) -> None:
        self._socket.close()
        self._process.wait(10)

    def run(
        self,
        arguments: Sequence[str | bytes],
        environment: dict[str, str],
        cwd: Path,
        streams: _Streams,
        timeout: float,
    ) -> tuple[int, bytes | None, bytes | None]:
        words = [os.fsencode(word).decode("latin-1") for word in arguments]
        message = json.dumps({"arguments": words, "environment": environment, "cwd": str(cwd)}).encode()
        socket.send_fds(self._socket, [_LENGTH.pack(len(message))], streams.theirs)
        self._socket.sendall(message)
        streams.handed_over()
        (pid,) = _LENGTH.unpack(_exactly(self._socket, _LENGTH.size))

        late = threading.Timer(timeout, os.kill, (pid, signal.SIGKILL))
        late.start()
        (status,) = _LENGTH.unpack(_exactly(self._socket, _LENGTH.size))
        expired = not late.is_alive()
        late.cancel()
        output, errors = streams.finish()
        if expired:
            raise subprocess.TimeoutExpired([str(word) for word in arguments], timeout)
        return os.waitstatus_to_exitcode(status), output, errors


class _Streams:
    """The three streams of a run: what the run gets, and threads that feed and read its pipes."""

    def __init__(self, stdin: bytes | int, stdout: Any, stderr: Any) -> None:
        self._opened: list[int] = []
        self._threads: list[threading.Thread] = []
        self._written: dict[int, bytes] = {}
        its_input = self._fed(stdin) if isinstance(stdin, bytes) else self._given(0, stdin)
        its_output = self._given(1, stdout)
        its_errors = its_output if stderr == subprocess.STDOUT else self._given(2, stderr)
        self.theirs = [its_input, its_output, its_errors]

    def handed_over(self) -> None:
        """Close what the run has by now, and begin to feed and read."""
        for descriptor in self._opened:
            os.close(descriptor)
        for thread in self._threads:
            thread.start()

    def finish(self) -> tuple[bytes | None, bytes | None]:
        """Return what was written on standard output and standard error, each None if it was not a pipe of ours."""
        for thread in self._threads:
            thread.join()
        return self._written.get(1), self._written.get(2)

    def _fed(self, text: bytes) -> int:
        reading, writing = os.pipe()
        self._threads.append(threading.Thread(target=_feed, args=(writing, text)))
        self._opened.append(reading)
        return reading

    def _given(self, number: int, wanted: Any) -> int:
        if wanted == subprocess.PIPE:
            reading, writing = os.pipe()
            self._threads.append(threading.Thread(target=_collect, args=(reading, number, self._written)))
            self._opened.append(writing)
            return writing
        if wanted == subprocess.DEVNULL:
            self._opened.append(os.open(os.devnull, os.O_RDWR))
            return self._opened[-1]
        return wanted if isinstance(wanted, int) else wanted.fileno()


def _collect(source: int, number: int, written: dict[int, bytes]) -> None:
    with open(source, "rb") as file:
        written[number] = file.read()


def _feed(target: int, text: bytes) -> None:
    with suppress(BrokenPipeError), open(target, "wb") as file:
        file.write(text)


def _exactly(source: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        part = source.recv(length - len(received))
        if not part:
            raise EOFError
        received += part
    return received


# -- The server


def _serve(descriptor: int, loaded: str) -> None:
    channel = socket.socket(fileno=descriptor)
    _import_program()
    _load_vocabulary(whole=loaded != "program")
    if loaded == "vocabulary":
        # Endpoints are asked with the first two (0.09 s), sections of Markdown are found with the third (0.02 s).
        _import("httpx", "httpcore", "markdown_it")
    if loaded == "rows":
        _import("awkward", "pandas", "pyarrow.dataset", "pyarrow.parquet")
    assert 1 == threading.active_count() == len(os.listdir("/proc/self/task")), "started by an import"
    gc.collect()
    gc.freeze()
    while True:
        head, descriptors, _flags, _address = socket.recv_fds(channel, _LENGTH.size, 3)
        if not head:
            return
        message = json.loads(_exactly(channel, *_LENGTH.unpack(head)))
        pid = os.fork()
        if pid == 0:
            channel.close()
            _become(descriptors, message)
        for each in descriptors:
            os.close(each)
        channel.sendall(_LENGTH.pack(pid))
        channel.sendall(_LENGTH.pack(os.waitpid(pid, 0)[1]))


def _import_program() -> None:
    """Import what runs import; nothing that looks at the environment when it is imported."""
    import pkgutil

    import gpt41calc

    for module in pkgutil.walk_packages(gpt41calc.__path__, "gpt41calc."):
        if module.name == "gpt41calc.__main__" or not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    _import("numpy", "regex", "rich.console", "rich.table", "rich.markup", "tiktoken", "typer.main", "typer._adapters")
    # A fifth of all runs validate a table; some draw pages or ask an endpoint.
    _import("pydantic.type_adapter", "pydantic.types", "hmac", "secrets", "html", "jinja2", "http.client")
    _import(
        "http.cookiejar", "urllib.request", "idna", "rich.ansi", "typer._click.decorators", "encodings.unicode_escape"
    )


def _import(*names: str) -> None:
    for name in names:
        with suppress(ImportError):
            importlib.import_module(name)


def _load_vocabulary(*, whole: bool) -> None:
    """Load the vocabulary of GPT-4.1 into the program's own tokenizers: for short texts, or for all; count nothing."""
    from gpt41calc.tokenizer.engines import GigatokenEngine, tokenizer

    short: Any = tokenizer("o200k_base")
    lookup, fast = short._lookup, short._faster  # noqa: SLF001 - to count would change what is left for short texts
    assert lookup._pattern  # noqa: SLF001
    assert lookup._index  # noqa: SLF001
    assert fast is tokenizer("o200k_base", short=False), "loaded twice"
    if whole and isinstance(fast, GigatokenEngine):
        assert fast._native  # noqa: SLF001 - nothing else loads it without counting


def _become(descriptors: list[int], message: dict[str, Any]) -> NoReturn:
    """Be what ``python -m gpt41calc`` is when it has started."""
    try:
        # Above 2 first, so that none is closed before it was copied.
        for number, each in enumerate([os.dup(each) for each in descriptors]):
            os.dup2(each, number, inheritable=True)
        os.closerange(3, 64)
        os.chdir(message["cwd"])
        os.environ.clear()
        os.environ.update(message["environment"])
        time.tzset()
        if script := _customization(message["environment"]):
            exec(script.read_text(encoding="utf-8"), {})  # noqa: S102 - a test wrote it
        sys.stdin = sys.__stdin__ = _stream(0, "r", "surrogateescape")  # type: ignore[misc]
        sys.stdout = sys.__stdout__ = _stream(1, "w", "surrogateescape")  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = _stream(2, "w", "backslashreplace")  # type: ignore[misc]
        import gpt41calc.__main__ as program

        sys.path[0] = message["cwd"]
        sys.argv = [str(program.__file__), *(os.fsdecode(word.encode("latin-1")) for word in message["arguments"])]
        program.run()
    finally:
        os._exit(99)


def _stream(descriptor: int, mode: str, errors: str) -> Any:
    lines = descriptor == 2 or (mode == "w" and os.isatty(descriptor))
    stream = open(descriptor, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
    if mode == "w":
        stream.reconfigure(line_buffering=lines)  # type: ignore[attr-defined]
    return stream


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
