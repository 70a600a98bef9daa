"""The sessions that are open: what a proved card may ask for, for a quarter of an hour."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from printer_templates.records import CertificateKind, Scope
from simulator.centre.expiry import drop_expired
from terminal.centre.messages import CardIdentity, Choice, Offer, PublicJwk

SESSION_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, repr=False)
class CentreSession:
    """One session of ``resident_key``. ``member_ids`` gives each household member's opaque id by the register's key."""

    session_id: str
    terminal_id: str
    card: CardIdentity
    resident_key: str
    municipality_code: str
    certificate_not_after: datetime
    session_key: PublicJwk
    expires_at: datetime
    offers: Mapping[CertificateKind, Offer]
    member_ids: Mapping[str, str]

    def allows(self, choice: Choice) -> bool:
        """Whether ``choice`` is one that was offered in this session."""
        offer = self.offers[choice.kind]
        if offer.refusal is not None or choice.scope not in offer.scopes:
            return False
        if choice.copies > offer.copies_max or not choice.items <= set(offer.items):
            return False
        members = choice.members
        known = set(members) <= set(self.member_ids.values()) and len(set(members)) == len(members)
        return known and bool(members) == (choice.scope is Scope.MEMBERS)


class SessionBook:
    """The open sessions by id."""

    def __init__(self) -> None:
        self._open: dict[str, CentreSession] = {}
        self._lock = threading.Lock()

    def add(self, session: CentreSession, now: datetime) -> None:
        """Open a session; expired ones go."""
        with self._lock:
            drop_expired(self._open, now)
            self._open[session.session_id] = session

    def find(self, session_id: str, terminal_id: str, now: datetime) -> CentreSession | None:
        """This terminal's session, unless it has expired."""
        with self._lock:
            session = self._open.get(session_id)
        if session is None or session.terminal_id != terminal_id or now >= session.expires_at:
            return None
        return session
