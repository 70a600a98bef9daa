"""Hunt for a customer's canary values in the memory of processes and in files: the checker of promise P2.

A canary is looked for as raw bytes and, for text, in UTF-8, UTF-16 and UTF-32. Memory is read through /proc/PID/mem, by
mapping (proc(5)), with an overlap so that no hit is cut in two. The hunter's own memory holds the canaries: never hunt in it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CHUNK_BYTES: Final = 4 << 20
_SKIPPED_MAPPINGS: Final = ("[vvar]", "[vsyscall]", "[vdso]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A canary found: ``where`` names the process and mapping or the file, ``canary`` and ``form`` what was found."""

    where: str
    canary: str
    form: str
    address: int


@dataclass(frozen=True, slots=True)
class Hunt:
    """What a hunt found and how much it looked at; a hunt that read nothing proves nothing."""

    hits: tuple[Hit, ...]
    bytes_read: int
    places: int


class Hunter:
    """Looks for ``canaries``: name of the canary to its value, text or raw bytes (at least 4 characters or bytes)."""

    def __init__(self, canaries: Mapping[str, str | bytes]) -> None:
        forms: dict[bytes, tuple[str, str]] = {}
        for name, value in canaries.items():
            for form, needle in _forms(value):
                if len(needle) < 4:
                    raise ValueError(f"canary {name!r} is too short to tell from chance")
                forms.setdefault(needle, (name, form))
        self._forms = forms
        self._overlap = max(len(needle) for needle in forms) - 1

    def in_processes(self, pids: Iterable[int]) -> Hunt:
        """Read the whole memory of each process (root or the same user with CAP_SYS_PTRACE)."""
        return _sum(self._in_process(pid) for pid in pids)

    def in_files(self, paths: Iterable[Path]) -> Hunt:
        """Read each file, and every file below each directory."""
        files = [
            file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*"))) if file.is_file()
        ]
        return _sum(self._in_bytes(str(file), file.read_bytes()) for file in files)

    def _in_process(self, pid: int) -> Hunt:
        hits: list[Hit] = []
        count = 0
        try:
            with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
                for start, end, label in _mappings(pid):
                    found, read = self._in_mapping(memory.fileno(), start, end, f"pid {pid} {label}")
                    hits += found
                    count += read
        except (ProcessLookupError, FileNotFoundError):
            # It ended meanwhile: what is no process any more keeps nothing.
            return Hunt(tuple(hits), count, 0)
        return Hunt(tuple(hits), count, 1)

    def _in_mapping(self, memory: int, start: int, end: int, where: str) -> tuple[list[Hit], int]:
        hits: list[Hit] = []
        position, tail, count = start, b"", 0
        while position < end:
            try:
                chunk = os.pread(memory, min(_CHUNK_BYTES, end - position), position)
            except OSError:
                break
            if not chunk:
                break
            hits += self._search(where, tail + chunk, position - len(tail))
            position += len(chunk)
            count += len(chunk)
            tail = chunk[-self._overlap :] if self._overlap else b""
        return hits, count

    def _in_bytes(self, where: str, content: bytes) -> Hunt:
        return Hunt(tuple(self._search(where, content, 0)), len(content), 1)

    def _search(self, where: str, content: bytes, base: int) -> list[Hit]:
        # bytes.find runs at memory speed; one regular expression for all needles takes a hundred times longer.
        return [
            Hit(where, name, form, address=base + at)
            for needle, (name, form) in self._forms.items()
            for at in _occurrences(needle, content)
        ]


def _occurrences(needle: bytes, content: bytes) -> Iterator[int]:
    at = content.find(needle)
    while at >= 0:
        yield at
        at = content.find(needle, at + 1)


def _forms(value: str | bytes) -> Iterable[tuple[str, bytes]]:
    if isinstance(value, bytes):
        yield "raw", value
        return
    yield "UTF-8", value.encode()
    yield "UTF-16LE", value.encode("utf-16-le")
    yield "UTF-16BE", value.encode("utf-16-be")
    # CPython keeps text with characters beyond U+00FF in 2 or 4 bytes each: UTF-16LE covers the first, this the second.
    yield "UTF-32LE", value.encode("utf-32-le")


def _mappings(pid: int) -> Iterable[tuple[int, int, str]]:
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        fields = line.split(maxsplit=5)
        label = fields[5] if len(fields) > 5 else "[anonymous]"
        # A private mapping of a file that was never writable holds the file's bytes and nothing of a customer.
        only_a_file = fields[4] != "0" and "w" not in fields[1]
        if "r" in fields[1] and not only_a_file and label not in _SKIPPED_MAPPINGS:
            start, end = (int(part, 16) for part in fields[0].split("-"))
            yield start, end, label


def _sum(hunts: Iterable[Hunt]) -> Hunt:
    hits: tuple[Hit, ...] = ()
    count = places = 0
    for hunt in hunts:
        hits += hunt.hits
        count += hunt.bytes_read
        places += hunt.places
    return Hunt(hits, count, places)
