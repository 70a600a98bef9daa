"""A whole terminal in process for stories: one home for the test process, and what must hold after every customer."""

import atexit
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from printer_templates.records import CertificateKind, Item, Scope
from simulator.centre.memory_book import MemoryRequestBook
from simulator.devices.card_reader.model import Card
from simulator.home import Home
from simulator.people.residents import RESIDENTS
from simulator.people.script import Answers, buying
from simulator.terminal_inline import InlineConfig, InlineTerminal, Visit
from terminal.clock import JST
from terminal.journal import entries as e
from terminal.journal.verify import verify_journal

NOW = datetime(2026, 4, 1, 10, 0, tzinfo=JST)
SEAL = CertificateKind.SEAL_CERTIFICATE
RESIDENCE = CertificateKind.RESIDENCE_CERTIFICATE
FEE_YEN = 200
"""One copy of anything in 架空市."""

Rules = dict[str, tuple[Answers, ...]]


@cache
def shared_home() -> Home:
    """A home whose keys and cards are made once for the process, as of ``NOW``."""
    root = Path(tempfile.mkdtemp(prefix="honnin-terminal-home-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Home(root)


@contextmanager
def terminal(folder: Path, config: InlineConfig | None = None) -> Iterator[InlineTerminal]:
    """A terminal in service, and at its end the promises that hold whatever happened."""
    with heard_logs() as logs, InlineTerminal(shared_home(), folder, NOW, config) as inline:
        yield inline
        assert_evidence(inline)
        assert_nothing_personal(inline, logs)


def shopper(
    inline: InlineTerminal,
    who: str | Card = "adult",
    *,
    kind: CertificateKind = SEAL,
    scope: Scope = Scope.SELF,
    members: Sequence[str] = (),
    items: Sequence[Item] = (),
    copies: int = 1,
    pin: str = "1234",
) -> Rules:
    """The rules of someone who buys one certificate (a seal certificate by default) with the card of profile ``who``."""
    card = inline.card(who) if isinstance(who, str) else who
    return buying(
        lambda: inline.reader.insert(card),
        inline.reader.remove,
        kind=kind,
        scope=scope,
        members=members,
        items=items,
        copies=copies,
        pin=pin,
    )


@dataclass(slots=True)
class Logs(logging.Handler):
    """Every record of every logger, as text."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        logging.Handler.__init__(self, logging.NOTSET)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(f"{record.name} {record.getMessage()} {record.exc_text or ''}")

    def __hash__(self) -> int:
        return id(self)


@contextmanager
def heard_logs() -> Iterator[Logs]:
    """Hear all logging at its finest level."""
    logs, root = Logs(), logging.getLogger()
    before = root.level
    root.addHandler(logs)
    root.setLevel(logging.NOTSET + 1)
    try:
        yield logs
    finally:
        root.setLevel(before)
        root.removeHandler(logs)


def assert_evidence(inline: InlineTerminal) -> None:
    """Promise P8: each start has exactly one end, and anybody can check the chain."""
    written = [recorded.entry for recorded in inline.journal.entries()]
    starts = [entry.customer for entry in written if isinstance(entry, e.CustomerStarted)]
    ends = [entry.customer for entry in written if isinstance(entry, e.CustomerEnded)]
    assert starts == ends
    assert len(set(starts)) == len(starts)
    assert not [entry for entry in written if isinstance(entry, e.CustomerMessageRefused)]
    report = verify_journal(inline.folder / "journal.sqlite")
    assert report.ok, report.breaches


def assert_nothing_personal(inline: InlineTerminal, logs: Logs) -> None:
    """Promise P8: no personal datum of any resident in the journal's files or in any log record."""
    content = b"".join(path.read_bytes() for path in sorted(inline.folder.glob("journal.sqlite*")))
    heard = "\n".join(logs.lines)
    assert len(content) > 4096
    for datum in personal_data():
        escaped = json.dumps(datum)[1:-1].encode()
        assert datum.encode() not in content
        assert datum.encode("utf-16-le") not in content
        assert escaped not in content
        assert datum not in heard


@cache
def personal_data() -> tuple[str, ...]:
    """Names, addresses, My Numbers and birth dates of everybody who could come."""
    data: set[str] = set()
    for person in RESIDENTS:
        data |= {person.name, person.name.replace("\u3000", ""), person.name.replace("\u3000", " ")}
        data |= {person.address, person.my_number, f"{person.birth_date:%Y%m%d}", person.birth_date.isoformat()}
    return tuple(sorted(data))


def kinds(visit: Visit) -> tuple[str, ...]:
    """The names of what was journalled, in order."""
    return tuple(type(entry).__name__ for entry in visit.entries)


def in_order(visit: Visit, *wanted: type[e.JournalEntry]) -> bool:
    """Whether these kinds stand in the journal in this order, whatever is between."""
    found = iter(kinds(visit))
    return all(kind.__name__ in found for kind in wanted)


@dataclass(frozen=True, slots=True)
class Requested:
    """One request as the centre's book has it."""

    state: str
    outcome: str | None
    impressions: int | None


def requested(inline: InlineTerminal) -> list[Requested]:
    """Every request that this centre ever saw."""
    book = inline.assembled.model.requests
    assert isinstance(book, MemoryRequestBook)
    found = [(book.find(request_id), book.delivery(request_id)) for request_id in book.request_ids]
    return [
        Requested(
            known.state.value,
            None if told is None else told.outcome.value,
            None if told is None else told.impressions_completed,
        )
        for known, told in found
        if known is not None
    ]


def the_request(inline: InlineTerminal) -> Requested:
    """The only request there was."""
    (only,) = requested(inline)
    return only


def pages_in_tray(inline: InlineTerminal) -> list[tuple[int, int]]:
    """What came out: page sides of those asked for, one pair a job."""
    return [(delivery.sides, delivery.sides_asked) for delivery in inline.tray.deliveries]


def nothing_happened(inline: InlineTerminal) -> None:
    """No money in the till, no paper in the tray, nobody printed anything."""
    assert inline.payment.till.held_yen == 0
    assert inline.tray.deliveries == []


def the_end(visit: Visit) -> e.CustomerEnded:
    """The customer's one end in the journal."""
    (end,) = visit.of(e.CustomerEnded)
    assert isinstance(end, e.CustomerEnded)
    return end
