"""The requests, for good: a request id is asked once, cancelled for ever, reported once; across restarts and processes."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from simulator.centre.registers import Registers
from simulator.centre.tables import FindingRow, RequestRow
from terminal.centre.messages import Choice, DeliveryOutcome, DeliveryReport, FindingReport


class RequestState(StrEnum):
    """What became of a request id."""

    ISSUED = "issued"
    CANCELLED = "cancelled"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request id that was seen. ``bundle`` is there while the request may still be answered."""

    terminal_id: str
    session_id: str
    choice_sha256: str
    state: RequestState
    bundle: str | None


@dataclass(frozen=True, slots=True)
class ReportedDelivery:
    """How a request ended at the terminal, as it was told."""

    outcome: DeliveryOutcome
    impressions_completed: int
    reason: str


def digest(choice: Choice) -> str:
    """A choice's fingerprint: equal choices have equal ones, whatever the order of their items."""
    members = ",".join(choice.members)
    items = ",".join(sorted(choice.items))
    text = f"{choice.kind}|{choice.scope}|{members}|{items}|{choice.copies}"
    return hashlib.sha256(text.encode()).hexdigest()


class RequestBook:
    """Requests, deliveries and findings in the registers' database."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers

    def find(self, request_id: str) -> KnownRequest | None:
        """What is known of ``request_id``."""
        with self._registers.transaction() as session:
            row = session.get(RequestRow, request_id)
            return None if row is None else _known(row)

    def issue(self, request_id: str, terminal_id: str, session_id: str, choice: Choice, bundle: str) -> KnownRequest:
        """Enter the bundle unless the id is taken; return what stands in the book now, which may be a cancellation."""
        row = RequestRow(
            request_id=request_id,
            terminal_id=terminal_id,
            session_id=session_id,
            choice_sha256=digest(choice),
            state=RequestState.ISSUED.value,
            bundle=bundle,
        )
        return self._enter(row)

    def cancel(self, request_id: str, terminal_id: str) -> KnownRequest:
        """Kill the request, heard of or not; return what stands in the book now. Another terminal's stays as it is."""
        dead = RequestRow(
            request_id=request_id,
            terminal_id=terminal_id,
            session_id="",
            choice_sha256="",
            state=RequestState.CANCELLED,
        )
        self._enter(dead)
        with self._registers.transaction() as session:
            row = _locked(session, request_id)
            if row.terminal_id == terminal_id and row.state == RequestState.ISSUED:
                row.state, row.bundle = RequestState.CANCELLED.value, None
            return _known(row)

    def report(self, report: DeliveryReport, terminal_id: str) -> bool | None:
        """Enter how a request ended; None when this terminal has no such request, False when it contradicts the book."""
        with self._registers.transaction() as session:
            row = session.get(RequestRow, report.request_id, with_for_update=True)
            if row is None or row.terminal_id != terminal_id:
                return None
            told = (report.outcome.value, report.impressions_completed, report.reason)
            if row.outcome is not None:
                return (row.outcome, row.impressions_completed, row.reason) == told
            row.outcome, row.impressions_completed, row.reason = told
            was_cancelled = row.state == RequestState.CANCELLED
            # What the customer has, the centre need not keep.
            row.state, row.bundle = (row.state if was_cancelled else RequestState.REPORTED.value), None
            return not (was_cancelled and report.outcome is not DeliveryOutcome.NOT_DELIVERED)

    def delivery(self, request_id: str) -> ReportedDelivery | None:
        """How a request ended, if that was told."""
        with self._registers.transaction() as session:
            row = session.get(RequestRow, request_id)
            if row is None or row.outcome is None:
                return None
            return ReportedDelivery(DeliveryOutcome(row.outcome), row.impressions_completed, row.reason)

    def keep_finding(self, report: FindingReport, terminal_id: str) -> bool:
        """Keep a sealed finding; False when the id stands for another one already."""
        row = FindingRow(
            finding_id=report.finding_id,
            terminal_id=terminal_id,
            municipality_code=report.municipality_code,
            sealed=report.sealed,
        )
        try:
            with self._registers.transaction() as session:
                session.add(row)
        except IntegrityError:
            with self._registers.transaction() as session:
                kept = session.get_one(FindingRow, report.finding_id)
                return (kept.terminal_id, kept.sealed) == (terminal_id, report.sealed)
        return True

    def findings(self, municipality_code: str) -> tuple[str, ...]:
        """The sealed findings of a municipality (JWE compact)."""
        with self._registers.transaction() as session:
            rows = session.query(FindingRow).filter_by(municipality_code=municipality_code).all()
            return tuple(row.sealed for row in rows)

    def _enter(self, row: RequestRow) -> KnownRequest:
        """Insert; whoever comes second finds the first one's row. The primary key decides, not a look beforehand."""
        request_id = row.request_id
        known = _known(row)
        try:
            with self._registers.transaction() as session:
                session.add(row)
        except IntegrityError:
            with self._registers.transaction() as session:
                return _known(session.get_one(RequestRow, request_id))
        return known


def _locked(session: Session, request_id: str) -> RequestRow:
    return session.get_one(RequestRow, request_id, with_for_update=True)


def _known(row: RequestRow) -> KnownRequest:
    return KnownRequest(row.terminal_id, row.session_id, row.choice_sha256, RequestState(row.state), row.bundle)
