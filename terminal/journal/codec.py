"""Entries as bytes: one canonical form for the hash, and strict messages from a customer's process to the one writer.

Canonical JSON here is ASCII, keys sorted, no spaces (a subset of RFC 8785 that holds no floating-point numbers). A message is
one line of it, never longer than PIPE_BUF, so that a write to a pipe is atomic (POSIX.1-2017, write).
"""

import json
from functools import cache, lru_cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from terminal.journal.entries import CUSTOMER_KINDS, KINDS, CustomerEntry, JournalEntry
from terminal.journal.errors import JournalCode, JournalError

MESSAGE_MAX: Final = 4096
"""Bytes of the longest message, its line feed included: Linux's PIPE_BUF."""

_REMEMBERED: Final = 1024
_WRITTEN_BY_SUPERVISOR: Final = frozenset({"CustomerStarted", "CustomerEnded", "CustomerClosedAtBoot"})


@cache
def _adapter(kind: str) -> TypeAdapter[JournalEntry]:
    return TypeAdapter(KINDS[kind])


def canonical(value: object) -> str:
    """``value`` as canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def body_of(entry: JournalEntry) -> str:
    """The fields of ``entry`` as canonical JSON, checked once more: what is not an entry raises ``JournalError``."""
    kind = type(entry).__name__
    if KINDS.get(kind) is not type(entry):
        raise JournalError(
            JournalCode.MESSAGE_UNFIT, "expected a journal entry, got another type; write an entry instead"
        )
    body = canonical(_adapter(kind).dump_python(entry, mode="json", warnings="none"))
    entry_of(kind, body)
    return body


@lru_cache(maxsize=_REMEMBERED)
def entry_of(kind: str, body: str) -> JournalEntry:
    """The entry of ``kind`` with the canonical ``body``; raises ``JournalError`` (``JOURNAL_MESSAGE_UNFIT``) for all else.

    The same text is the same entry: it is written, checked at the writer and read again within moments, so the last ones stay.
    """
    if kind not in KINDS:
        raise _unfit("a kind of entry that this journal knows")
    try:
        entry = _adapter(kind).validate_json(body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"][:2])
        raise _unfit(f"the fields of {kind}", f" (at {where!r:.60})" if _is_field(kind, where) else "") from None
    if canonical(_adapter(kind).dump_python(entry, mode="json", warnings="none")) != body:
        raise _unfit(f"the canonical form of {kind}")
    return entry


def encode(entry: JournalEntry) -> bytes:
    """``entry`` as one message: a line of canonical JSON, at most ``MESSAGE_MAX`` bytes."""
    return f'{{"body":{body_of(entry)},"kind":"{type(entry).__name__}"}}\n'.encode("ascii")


def decode(message: bytes) -> JournalEntry:
    """The entry of one message; raises ``JournalError`` for anything that ``encode`` would not have written."""
    if len(message) > MESSAGE_MAX or not message.endswith(b"\n"):
        raise _unfit(f"one line of at most {MESSAGE_MAX} bytes")
    try:
        text = message[:-1].decode("ascii")
        value: Any = json.loads(text)
        fits = canonical(value) == text
    except (ValueError, RecursionError):
        raise _unfit("canonical JSON in ASCII") from None
    if not fits:
        raise _unfit("canonical JSON")
    if not isinstance(value, dict) or value.keys() != {"body", "kind"} or not isinstance(value["kind"], str):
        raise _unfit('an object of "body" and "kind"')
    return entry_of(value["kind"], canonical(value["body"]))


def decode_from_customer(message: bytes, customer: str) -> CustomerEntry:
    """The entry a customer's process may send: about ``customer`` (its own pseudonym), and no start or end of a customer.

    Raises ``JournalError``: ``JOURNAL_MESSAGE_UNFIT`` for garbage, ``JOURNAL_NOT_YOURS`` for an entry that only the supervisor
    writes (a finding released, a reset proved, an end) or that speaks for another customer.
    """
    entry = decode(message)
    kind = type(entry).__name__
    if kind not in CUSTOMER_KINDS or kind in _WRITTEN_BY_SUPERVISOR:
        raise JournalError(
            JournalCode.NOT_YOURS, f"a customer's process may not write {kind}; end and reset that process"
        )
    if getattr(entry, "customer", None) != customer:
        raise JournalError(JournalCode.NOT_YOURS, f"{kind} speaks for another customer; end and reset that process")
    return entry  # type: ignore[return-value]


class MessageSplitter:
    """Cuts what comes out of a pipe into messages; holds at most ``MESSAGE_MAX`` bytes of an unfinished one."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The messages that are whole now; raises ``JournalError`` when one is longer than a message can be."""
        *lines, rest = (self._rest + chunk).split(b"\n")
        self._rest = b""
        if any(len(line) >= MESSAGE_MAX for line in (*lines, rest)):
            raise _unfit(f"messages of at most {MESSAGE_MAX} bytes")
        self._rest = rest
        return [line + b"\n" for line in lines]


def _is_field(kind: str, where: str) -> bool:
    return where.split(".")[0] in KINDS[kind].__dataclass_fields__


def _unfit(expected: str, where: str = "") -> JournalError:
    return JournalError(
        JournalCode.MESSAGE_UNFIT,
        f"expected {expected}, got something else{where}; nothing was written, end the sender",
    )
