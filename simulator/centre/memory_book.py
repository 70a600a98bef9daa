"""The request book in plain memory, beside registers in plain memory: the same answers as the database's, nothing kept."""

import threading
from dataclasses import dataclass

from simulator.centre.request_book import KnownRequest, ReportedDelivery, RequestState, digest
from terminal.centre.messages import Choice, DeliveryOutcome, DeliveryReport, FindingReport

ENDED_MAX = 20_000
"""How many requests that have ended are remembered: a run of any length needs no more memory for them."""


@dataclass(slots=True)
class _Row:
    terminal_id: str
    session_id: str
    choice_sha256: str
    state: RequestState
    bundle: str | None
    delivery: ReportedDelivery | None = None

    def known(self) -> KnownRequest:
        return KnownRequest(self.terminal_id, self.session_id, self.choice_sha256, self.state, self.bundle)


class MemoryRequestBook:
    """What ``RequestBook`` does, on dictionaries. Safe to use from threads.

    Of requests that were cancelled or reported it remembers the last ``ended_max``; older ones are as if never heard of.
    """

    def __init__(self, ended_max: int = ENDED_MAX) -> None:
        self._ended_max = ended_max
        self._rows: dict[str, _Row] = {}
        self._ended: dict[str, None] = {}
        self._findings: dict[str, tuple[str, FindingReport]] = {}
        self._lock = threading.Lock()

    @property
    def request_ids(self) -> tuple[str, ...]:
        """Every request that is remembered, in the order in which it was heard of."""
        with self._lock:
            return tuple(self._rows)

    def find(self, request_id: str) -> KnownRequest | None:
        """What is known of ``request_id``."""
        with self._lock:
            row = self._rows.get(request_id)
            return None if row is None else row.known()

    def issue(self, request_id: str, terminal_id: str, session_id: str, choice: Choice, bundle: str) -> KnownRequest:
        """Enter the bundle unless the id is taken; return what stands in the book now, which may be a cancellation."""
        with self._lock:
            fresh = _Row(terminal_id, session_id, digest(choice), RequestState.ISSUED, bundle)
            return self._rows.setdefault(request_id, fresh).known()

    def cancel(self, request_id: str, terminal_id: str) -> KnownRequest:
        """Kill the request, heard of or not; return what stands in the book now. Another terminal's stays as it is."""
        with self._lock:
            dead = _Row(terminal_id, "", "", RequestState.CANCELLED, None)
            row = self._rows.setdefault(request_id, dead)
            if row.terminal_id == terminal_id and row.state is not RequestState.REPORTED:
                row.state, row.bundle = RequestState.CANCELLED, None
                self._has_ended(request_id)
            return row.known()

    def report(self, report: DeliveryReport, terminal_id: str) -> bool | None:
        """Enter how a request ended; None when this terminal has no such request, False when it contradicts the book."""
        told = ReportedDelivery(report.outcome, report.impressions_completed, report.reason)
        with self._lock:
            row = self._rows.get(report.request_id)
            if row is None or row.terminal_id != terminal_id:
                return None
            if row.delivery is not None:
                return row.delivery == told
            row.delivery = told
            was_cancelled = row.state is RequestState.CANCELLED
            row.state, row.bundle = (row.state if was_cancelled else RequestState.REPORTED), None
            self._has_ended(report.request_id)
            return not (was_cancelled and report.outcome is not DeliveryOutcome.NOT_DELIVERED)

    def delivery(self, request_id: str) -> ReportedDelivery | None:
        """How a request ended, if that was told."""
        with self._lock:
            row = self._rows.get(request_id)
            return None if row is None else row.delivery

    def keep_finding(self, report: FindingReport, terminal_id: str) -> bool:
        """Keep a sealed finding; False when the id stands for another one already."""
        with self._lock:
            kept_terminal, kept = self._findings.setdefault(report.finding_id, (terminal_id, report))
            return (kept_terminal, kept.sealed) == (terminal_id, report.sealed)

    def findings(self, municipality_code: str) -> tuple[str, ...]:
        """The sealed findings of a municipality (JWE compact)."""
        with self._lock:
            kept = [report for _, report in self._findings.values()]
        return tuple(report.sealed for report in kept if report.municipality_code == municipality_code)

    def _has_ended(self, request_id: str) -> None:
        self._ended[request_id] = None
        while len(self._ended) > self._ended_max:
            oldest = next(iter(self._ended))
            del self._ended[oldest], self._rows[oldest]
