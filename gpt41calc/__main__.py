"""Start the program; only a broken budget or condition ends it with exit code 1.

Python ends with 1 if an import fails or an exception is not caught, and any import can fail: there may be no
descriptor or no memory left, or the user presses Ctrl-C. So this module imports only modules that the interpreter has
already imported; all others are imported inside the ``try`` of :func:`run`.
"""

import os
import sys

TYPE_CHECKING = False  # as in typing, whose import could fail
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

__all__ = ["run"]

_INCOMPLETE, _INTERNAL, _INTERRUPTED = 3, 70, 130
"""Exit codes of ``errors.ExitCode``, whose import may fail."""


def run() -> "NoReturn":
    """Run the program, and end the process."""
    status = _INTERNAL
    try:
        status = _status()
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except (MemoryError, OSError) as error:  # too few descriptors, too little memory
        status = _INCOMPLETE
        _say(f"cannot start: {getattr(error, 'strerror', None) or 'not enough memory'}")
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is not a verdict
        _say(f"cannot start: {type(error).__name__}: {str(error)[:200]!r}")
    finally:
        # Nothing is taken apart that the system takes back anyway: counting a prompt would take 19 % longer, and a file
        # of 1 MB, for which a vocabulary is loaded, 12 % (python -m benchmarks.tricks).
        os._exit(status)


def _status() -> int:
    import signal

    # While modules are imported there is nothing to clean up, and an exception could be lost in them.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    import gc

    from .boundary import main, own_process

    own_process()
    # A run makes no cycles of objects. Looking for them makes runs 1 to 9 % longer (python -m benchmarks.tricks).
    gc.set_threshold(200_000)
    return main()


def _end(_signum: int, _frame: "FrameType | None") -> "NoReturn":
    os._exit(_INTERRUPTED)


def _say(text: str) -> None:
    try:
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"gpt41calc: error: {text}\n".encode())
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    run()
