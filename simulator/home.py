"""The simulator's home directory: throw-away keys, card states and trust anchors, made on first use.

Several processes may set one home up at the same moment: a directory appears whole or not at all, and the loser of the
race uses what the winner made.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from terminal.errors import HonninError

ENVIRONMENT_NAME = "HONNIN_HOME"
DEFAULT_ROOT = Path("var")


class HomeErrorCode(StrEnum):
    """Why a home cannot be used."""

    UNUSABLE = "SIMHOME_UNUSABLE"
    DAMAGED = "SIMHOME_DAMAGED"


class HomeError(HonninError):
    """A home that cannot be written, or holds something else than it should."""


def damaged(path: Path, expected: str) -> HomeError:
    """The error for a file of a home that is not what was written there."""
    return HomeError(
        HomeErrorCode.DAMAGED,
        f"expected {expected} in {path}, found something else; delete that home and start again",
    )


def unusable(path: Path, error: OSError) -> HomeError:
    """The error for a file or folder of a home that cannot be written."""
    return HomeError(
        HomeErrorCode.UNUSABLE,
        f"expected to write {path}, got {error.strerror}; name a writable folder with --home or {ENVIRONMENT_NAME}",
    )


@dataclass(frozen=True, slots=True)
class Home:
    """A directory that belongs to one simulated world; everything below it is private to the user (0700 / 0600)."""

    root: Path

    @classmethod
    def locate(cls, option: Path | None = None, environment: Mapping[str, str] | None = None) -> "Home":
        """The home named by ``--home``, else by ``HONNIN_HOME``, else ``./var``."""
        if option is not None:
            return cls(Path(option))
        named = (os.environ if environment is None else environment).get(ENVIRONMENT_NAME)
        return cls(Path(named) if named else DEFAULT_ROOT)

    def in_virtual_time(self, start: datetime) -> "Home":
        """The home inside this one for runs that begin at ``start``: what is made today would not be valid yet in them."""
        return Home(self.root / f"virtual-{start:%Y%m%dT%H%M}")

    @property
    def trust(self) -> Path:
        """Where certificates lie that a terminal on this home trusts."""
        return self.root / "trust"

    def publish(self, name: str, build: Callable[[Path], None]) -> Path:
        """Make directory ``name`` with ``build`` unless it is there; atomic, so a half-built one is never seen.

        :raises HomeError: the home cannot be written.
        """
        target = self.root / name
        if target.is_dir():
            return target
        try:
            return _publish(target, build)
        except OSError as error:
            raise unusable(target, error) from None


def _publish(target: Path, build: Callable[[Path], None]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    draft.mkdir(mode=0o700)
    try:
        build(draft)
        draft.rename(target)
    except OSError:
        # Another process published first: renaming onto its non-empty directory fails, and its work counts.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def write_private(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content`` in one step that survives a power cut; mode 0600."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
