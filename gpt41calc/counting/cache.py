"""Counts remembered between runs. A cache can only ever cost time: never a wrong number, never a failure.

A count belongs to a *content*, known by its digest. A *file* is known by what
the system says of it (device, inode, size, times of change), which leads to
its content without reading it; but only if that cannot be mistaken: a file
that changed within the clock's granularity of being read may change again
without showing it. git calls such entries racy, and so are they here.

Only numbers and digests are stored, no names and no text. A folder that
others may write to is not used.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import CannotWrite
from .fingerprint import BINARY, Fingerprint, Remembered

__all__ = ["CountCache"]

SCHEMA_VERSION = 1
"""In the name of the file: another version of the program leaves this one's cache alone."""

_MAX_CACHE_BYTES = 300_000_000
"""About three million files; then the cache is begun anew."""

_BUSY_SECONDS = 10.0


class CountCache:
    """Counts kept in an SQLite file.

    Everything read from it is checked for its type and range; whatever goes
    wrong is told once, and from then on nothing is remembered.
    """

    def __init__(self, folder: Path, warn: Callable[[str], None]) -> None:
        """Open the cache in a folder, making both if they are missing."""
        self.path = folder / f"counts-v{SCHEMA_VERSION}.sqlite3"
        self._warn = warn
        self._files: list[tuple[bytes, bytes]] = []
        self._contents: list[tuple[bytes, str, int, int, int]] = []
        self._database = self._open(folder)

    def _open(self, folder: Path) -> sqlite3.Connection | None:
        if not folder.is_absolute():
            self._give_up("there is no home folder")
            return None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(folder):
                self._give_up("others may write to it")
                return None
            if self.path.exists() and self.path.stat().st_size > _MAX_CACHE_BYTES:
                self.path.unlink()
            try:
                return _connected(self.path)
            except sqlite3.Error as error:
                if not _is_damage(error):
                    raise
                return self._begin_anew(error)
        except (OSError, sqlite3.Error) as error:
            self._give_up(str(error))
            return None

    def _begin_anew(self, error: sqlite3.Error) -> sqlite3.Connection:
        self._warn(f"the cache {self.path} is damaged ({error}) and is begun anew")
        self.path.unlink(missing_ok=True)
        return _connected(self.path)

    def _give_up(self, reason: str) -> None:
        self._database = None
        self._warn(f"the cache {self.path} is not used: {reason}")

    def recall_files(self, fingerprints: Sequence[Fingerprint]) -> Mapping[Fingerprint, Remembered]:
        """Return what is known of files that have not changed."""
        found: dict[Fingerprint, Remembered] = {}
        for start in range(0, len(fingerprints), _ASKED_AT_ONCE):
            asked = fingerprints[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            for key, *row in self._ask(f"{_RECALL_FILES} ({marks})", asked):
                _add(found, key, row)
        return found

    def recall_content(self, digest: bytes) -> Remembered | None:
        """Return what is known of a content."""
        found: dict[bytes, Remembered] = {}
        for row in self._ask(_RECALL_CONTENT, (digest,)):
            _add(found, digest, row)
        return found.get(digest)

    def _ask(self, question: str, values: Sequence[bytes]) -> Iterable[Sequence[object]]:
        if self._database is None:
            return ()
        try:
            return self._database.execute(question, values).fetchall()
        except sqlite3.Error as error:
            self._recover(error)
            return ()

    def _recover(self, error: sqlite3.Error) -> None:
        """Begin anew if a file that opened turns out to be damaged; else do without."""
        self._disconnect()
        try:
            if not _is_damage(error):
                raise error
            self._database = self._begin_anew(error)
        except (OSError, sqlite3.Error) as reason:
            self._give_up(str(reason))

    def _disconnect(self) -> None:
        database, self._database = self._database, None
        with suppress(sqlite3.Error):
            if database is not None:
                database.close()

    def remember(self, found: Fingerprint | None, content: Remembered) -> None:
        """Keep a count until ``close`` writes it."""
        if found is not None:
            self._files.append((found, content.digest))
        for identity, tokens in content.tokens.items():
            self._contents.append((content.digest, identity, content.bytes, tokens, int(content.lossy)))

    def close(self) -> None:
        """Write everything in one transaction: a run that is killed before leaves the cache as it was."""
        if self._database is None:
            return
        try:
            with self._database as database:
                if self._files or self._contents:
                    database.executemany("INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?, ?)", self._contents)
                    database.executemany("INSERT OR REPLACE INTO file VALUES (?, ?)", self._files)
        except sqlite3.Error as error:
            self._warn(f"the cache {self.path} was not written: {error}")
            if _is_damage(error):
                with suppress(OSError):
                    self.path.unlink()
        finally:
            self._disconnect()

    def size(self) -> tuple[int, int]:
        """Return how many files and how many counts are remembered."""
        rows = list(self._ask("SELECT (SELECT count(*) FROM file), (SELECT count(*) FROM content)", ()))
        return tuple(rows[0]) if rows else (0, 0)  # type: ignore[return-value]

    def clear(self) -> None:
        """Forget everything.

        Raises:
            CannotWrite: the file is there and cannot be removed.
        """
        self._disconnect()
        try:
            self.path.unlink(missing_ok=True)
        except NotADirectoryError:
            pass  # there never was one; opening it has told why
        except OSError as error:
            message = f"cannot remove the cache {self.path}: {error.strerror}"
            raise CannotWrite(message) from error


_ASKED_AT_ONCE = 500

_TABLES = """
CREATE TABLE IF NOT EXISTS file (fingerprint BLOB PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS content (
    digest BLOB, identity TEXT, bytes INTEGER, tokens INTEGER, lossy INTEGER, PRIMARY KEY (digest, identity)
) WITHOUT ROWID;
"""

_RECALL_FILES = """
SELECT fingerprint, file.digest, identity, bytes, tokens, lossy
FROM file LEFT JOIN content ON content.digest = file.digest WHERE fingerprint IN
"""

_RECALL_CONTENT = "SELECT digest, identity, bytes, tokens, lossy FROM content WHERE digest = ?"


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        # Losing the last run's counts in a power failure costs time only.
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_TABLES)
    except BaseException:
        database.close()
        raise
    return database


def _is_damage(error: sqlite3.Error) -> bool:
    """Say whether the file is to blame, and not a lock, a missing permission or a full disk."""
    # What the sqlite3 module finds by itself, such as a name that is no UTF-8, has no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH}


def _add(found: dict[bytes, Remembered], key: object, row: Sequence[object]) -> None:
    """Add one row to what is known of a key, unless it cannot be true."""
    digest, identity, size, tokens, lossy = row
    if type(key) is not bytes or type(digest) is not bytes:
        return
    if digest == BINARY:
        found[key] = Remembered(BINARY, 0, lossy=False, tokens={})
        return
    if type(identity) is not str or type(size) is not int or type(tokens) is not int:
        return
    # UTF-16 may grow to three bytes of UTF-8 for two, and no token is shorter than a byte.
    if lossy not in _FLAGS or size < 0 or not 0 <= tokens <= 3 * size + 3:
        return
    known = found.get(key)
    found[key] = Remembered(
        digest, size, lossy == 1, {**known.tokens, identity: tokens} if known else {identity: tokens}
    )


_FLAGS = (0, 1)


def _is_private(folder: Path) -> bool:
    """Say whether nobody else can write to a folder."""
    if sys.platform == "win32":
        return True
    status = folder.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
