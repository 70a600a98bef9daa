"""The registers behind the simulated centre: SQLite by default, PostgreSQL by URL.

Everything read comes out as a frozen value of ``facts.py``; changes are named methods, so that a story can say what happened
to a person's registration and when.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from simulator.centre import reading, rows
from simulator.centre.facts import (
    Applicant,
    Municipality,
    Person,
    Registration,
    SealState,
)
from simulator.centre.tables import (
    Base,
    MunicipalityRow,
    RegistrationRow,
    ResidentRow,
    TerminalRow,
)
from terminal.centre.messages import BundleMode, CardIdentity

IN_MEMORY = "sqlite://"


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.absolute()}"


class Registers:
    """The registers in one database. Safe to use from several threads; each call is one transaction."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        """Connect and make missing tables; raise SQLAlchemy's errors when the database cannot be reached."""
        self._engine = _engine(url)
        self._of_thread = threading.local()
        # A database in memory has one connection, on which two threads' transactions would be one.
        in_memory = isinstance(self._engine.pool, StaticPool)
        self._one_at_a_time: AbstractContextManager[object] = threading.Lock() if in_memory else nullcontext()
        Base.metadata.create_all(self._engine)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on an exception. One inside another on a thread joins it."""
        outer: Session | None = getattr(self._of_thread, "session", None)
        if outer is not None:
            yield outer
            return
        with self._one_at_a_time, Session(self._engine) as session, session.begin():
            self._of_thread.session = session
            try:
                yield session
            finally:
                del self._of_thread.session

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def applicant(self, card: CardIdentity) -> Applicant | None:
        """Who the card belongs to, with household and municipality; None when no one registered it."""
        with self.transaction() as session:
            return reading.applicant(session, bytes(card.issuer_key_id), f"{card.serial:x}")

    def municipality(self, code: str) -> Municipality | None:
        """A municipality and its rules."""
        with self.transaction() as session:
            return reading.municipality(session, code)

    def limit_of(self, terminal_id: str) -> str | None:
        """The one municipality whose residents this terminal serves, or None when it serves all."""
        with self.transaction() as session:
            row = session.get(TerminalRow, terminal_id)
            return None if row is None else row.municipality_code

    def is_empty(self) -> bool:
        """Whether no municipality is there yet."""
        with self.transaction() as session:
            return session.scalars(select(MunicipalityRow.code).limit(1)).first() is None

    # Changes

    def put_municipality(self, municipality: Municipality) -> None:
        """Add a municipality, or replace its rules."""
        with self.transaction() as session:
            session.merge(rows.municipality_row(municipality, session))

    def change_mode(self, code: str, mode: BundleMode) -> None:
        """Let a municipality send records or documents from now on."""
        municipality = self.municipality(code)
        if municipality is None:
            raise KeyError(f"no municipality {code!r} in the registers")
        self.put_municipality(replace(municipality, mode=mode))

    def put_person(self, person: Person, municipality_code: str) -> None:
        """Add a resident, or replace what is known of them, seal included."""
        with self.transaction() as session:
            session.merge(rows.resident_row(person, municipality_code))

    def person(self, key: str) -> Person:
        """One resident; raise ``KeyError`` when there is none."""
        with self.transaction() as session:
            people = reading.people(session, ResidentRow.key == key)
            if not people:
                raise KeyError(f"no resident {key!r} in the registers")
            return people[0]

    def change_person(self, key: str, **changes: object) -> None:
        """Replace named fields of ``facts.Person``; an unknown name is a ``TypeError``."""
        with self.transaction() as session:
            code = session.get_one(ResidentRow, key).municipality_code
        self.put_person(replace(self.person(key), **changes), code)  # type: ignore[arg-type]

    def cancel_seal(self, key: str) -> None:
        """廃印: the seal stays in the register as cancelled."""
        seal = self.person(key).seal
        if seal is None:
            raise KeyError(f"resident {key!r} has no seal to cancel")
        self.change_person(key, seal=replace(seal, state=SealState.CANCELLED))

    def register_card(self, card: CardIdentity, registration: Registration) -> None:
        """Say whose a certificate is and in which state; the same certificate again replaces it."""
        with self.transaction() as session:
            session.merge(
                RegistrationRow(
                    issuer_key_id=bytes(card.issuer_key_id),
                    serial_hex=f"{card.serial:x}",
                    resident_key=registration.resident_key,
                    state=registration.state.value,
                    card_issued_on=registration.card_issued_on,
                    pin_changed_on=registration.pin_changed_on,
                )
            )

    def limit_terminal(self, terminal_id: str, municipality_code: str) -> None:
        """From now on this terminal serves residents of one municipality only."""
        with self.transaction() as session:
            session.merge(TerminalRow(terminal_id=terminal_id, municipality_code=municipality_code))


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql" and "+" not in parsed.drivername:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
