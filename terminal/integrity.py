"""At boot: are the installed files the ones that were recorded? One site of the real accidents ran without its fix.

Recorded means the wheel's RECORD (PyPA, recording installed packages) and, where there is one, the list made after an inspection
by ``honnin terminal record-hashes`` (sha256sum's format); a checkout has the list only. This finds accidents: half an update, a
lost patch, a stray file. Whoever may write the files may write RECORD too; the build id in the journal is what tells then.
Not looked into: byte code that Python cached itself (``__pycache__``), which it takes for the source's when date and size agree.
"""

import base64
import hashlib
import importlib.util
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

PACKAGES: Final = ("honnin", "terminal", "printer_templates")
LIST_NAME: Final = "installed-files.sha256"
_IMPORTABLE: Final = (".py", ".pyc", ".so", ".pth", ".pyd")
_SHOWN: Final = 20


class IntegrityCode(StrEnum):
    """Why a terminal does not start on these files."""

    FILES_WRONG = "INTEGRITY_FILES_WRONG"
    NOT_RECORDED = "INTEGRITY_NOT_RECORDED"
    OTHER_PLACE = "INTEGRITY_OTHER_PLACE"


class Wrong(StrEnum):
    """What is wrong with a file."""

    CHANGED = "changed"
    MISSING = "missing"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class WrongFile:
    """One file, relative to the folder that holds the packages."""

    path: str
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """``files`` were compared with ``source``; ``build_id`` is the digest (hex) of all files as they are, right or wrong."""

    files: int
    build_id: str
    source: str
    wrong: tuple[WrongFile, ...] = ()
    code: IntegrityCode | None = None

    @property
    def ok(self) -> bool:
        """True when every recorded file is there unchanged, and none besides."""
        return self.code is None

    @property
    def text(self) -> str:
        """What is wrong and what to do; empty when nothing is."""
        match self.code:
            case None:
                return ""
            case IntegrityCode.NOT_RECORDED:
                return "no hashes are recorded: inspect the installation, then run `honnin terminal record-hashes`"
            case IntegrityCode.OTHER_PLACE:
                return (
                    "the running packages are not the installed ones: start the installed `honnin`, from another folder"
                )
            case IntegrityCode.FILES_WRONG:
                named = [f"{file.path} ({file.wrong})" for file in self.wrong[:_SHOWN]]
                more = [f"and {len(self.wrong) - _SHOWN} more"] if len(self.wrong) > _SHOWN else []
                return f"install this version again; wrong files: {', '.join([*named, *more])}"


def check_installation(state_dir: Path, packages: Sequence[str] = PACKAGES) -> IntegrityReport:
    """Check the packages that run now, against RECORD and the list in ``state_dir``; never raises for what it finds."""
    found = _distribution()
    recorded = wheel_records(found, packages) if found is not None else {}
    running = _running_root(packages[0])
    installed = Path(str(found.locate_file(""))).resolve() if found is not None and recorded else running
    listed = read_list(state_dir / LIST_NAME)
    report = check_files(running, packages, recorded or None, listed)
    if report.ok and any(_running_root(package) != installed for package in packages):
        return IntegrityReport(report.files, report.build_id, report.source, (), IntegrityCode.OTHER_PLACE)
    return report


def check_files(
    root: Path, packages: Sequence[str], wheel: Mapping[str, str] | None, listed: Mapping[str, str] | None
) -> IntegrityReport:
    """Compare the packages below ``root`` with ``wheel`` and ``listed`` (relative path to SHA-256 in hex), where given."""
    sources = [(name, hashes) for name, hashes in (("wheel", wheel), ("list", listed)) if hashes is not None]
    there = hashes_of(root, packages, {path for _, hashes in sources for path in hashes})
    build_id = _digest(there)
    name = " and ".join(name for name, _ in sources)
    if not sources:
        return IntegrityReport(len(there), build_id, "nothing", (), IntegrityCode.NOT_RECORDED)
    wrong = {file for _, hashes in sources for file in _compare(there, hashes)}
    ordered = tuple(sorted(wrong, key=lambda file: (file.path, file.wrong)))
    return IntegrityReport(len(there), build_id, name, ordered, IntegrityCode.FILES_WRONG if wrong else None)


def _compare(there: Mapping[str, str], recorded: Mapping[str, str]) -> Iterator[WrongFile]:
    for path, digest in recorded.items():
        if path not in there:
            yield WrongFile(path, Wrong.MISSING)
        elif there[path] != digest:
            yield WrongFile(path, Wrong.CHANGED)
    for path in there.keys() - recorded.keys():
        if path.endswith(_IMPORTABLE):
            yield WrongFile(path, Wrong.UNEXPECTED)


def record_hashes(state_dir: Path, packages: Sequence[str] = PACKAGES) -> IntegrityReport:
    """Write the list of what runs now into ``state_dir`` (whole or not at all) and check against it. Raises OSError."""
    state_dir.mkdir(parents=True, exist_ok=True)
    hashes = hashes_of(_running_root(packages[0]), packages)
    draft = state_dir / (LIST_NAME + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(state_dir / LIST_NAME)
    return check_installation(state_dir, packages)


def read_list(path: Path) -> dict[str, str] | None:
    """The list in sha256sum's format; None when there is none. A line that is none counts as a file that is missing."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    pairs = [line.partition("  ") for line in lines if line and not line.startswith("#")]
    return {name or f"(unreadable line {number})": digest for number, (digest, _, name) in enumerate(pairs, start=1)}


def wheel_records(found: Distribution, packages: Sequence[str]) -> dict[str, str]:
    """The hashes of the packages' files in the wheel's RECORD; empty for an editable install."""
    records: dict[str, str] = {}
    for file in found.files or ():
        if file.parts[0] in packages and file.hash is not None and file.hash.mode == "sha256":
            padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
            records[file.as_posix()] = base64.urlsafe_b64decode(padded).hex()
    return records


def hashes_of(root: Path, packages: Sequence[str], besides: set[str] | frozenset[str] = frozenset()) -> dict[str, str]:
    """SHA-256 (hex) of each file of ``packages`` below ``root``, Python's own caches aside unless named in ``besides``."""
    paths = {path for package in packages for path in _files_below(root, package)}
    return {path: digest for path in paths | besides if (digest := _hash(root / path)) is not None}


def _files_below(root: Path, relative: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(root / relative))
    except OSError:
        return
    for entry in entries:
        name = f"{relative}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files_below(root, name)
        else:
            yield name


def _hash(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _digest(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    return hashlib.sha256(b"honnin/build/1\0" + lines.encode("utf-8", "surrogateescape")).hexdigest()


def _distribution() -> Distribution | None:
    try:
        return distribution("honnin")
    except PackageNotFoundError:
        return None


def _running_root(package: str) -> Path:
    """The folder that holds the package as it is imported here."""
    spec = importlib.util.find_spec(package)
    locations = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(locations[0]).resolve().parent if locations else Path()
