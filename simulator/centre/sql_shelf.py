"""Where the registers stand when a database keeps them: SQLite by default, PostgreSQL by URL."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Engine, create_engine, delete, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from simulator.centre import reading, rows
from simulator.centre.changes import Entry
from simulator.centre.facts import Municipality, Registration
from simulator.centre.reading import Registered
from simulator.centre.tables import Base, MunicipalityRow, RegistrationRow, ResidentRow, TerminalRow
from terminal.centre.messages import CardIdentity


class SqlShelf:
    """The registers in one database. Safe to use from several threads; each call is one transaction."""

    def __init__(self, url: str) -> None:
        """Connect and make missing tables; raise SQLAlchemy's errors when the database cannot be reached."""
        self._engine = _engine(url)
        self._of_thread = threading.local()
        # A database in memory has one connection, on which two threads' transactions would be one.
        self._in_memory = isinstance(self._engine.pool, StaticPool)
        self._one_at_a_time: AbstractContextManager[object] = threading.Lock() if self._in_memory else nullcontext()
        self._municipalities: dict[str, Municipality] = {}
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
            except BaseException:
                self._municipalities.clear()
                raise
            finally:
                del self._of_thread.session

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def registered(self, card: CardIdentity) -> Registered | None:
        """What is registered of a certificate."""
        with self.transaction() as session:
            return reading.registered(session, bytes(card.issuer_key_id), f"{card.serial:x}")

    def entry(self, key: str) -> Entry | None:
        """One resident's entry."""
        with self.transaction() as session:
            return next(iter(reading.entries(session, ResidentRow.key == key)), None)

    def household(self, name: str) -> tuple[Entry, ...]:
        """The entries of a household, the dead included, in the register's order."""
        with self.transaction() as session:
            return reading.entries(session, ResidentRow.household == name)

    def municipality(self, code: str) -> Municipality | None:
        """A municipality and its rules."""
        with self.transaction() as session:
            found = self._municipalities.get(code) or reading.municipality(session, code)
            if found is not None and self._in_memory:
                # Nobody else can reach this database, so that it need not be asked again.
                self._municipalities[code] = found
            return found

    def limit_of(self, terminal_id: str) -> str | None:
        """The one municipality whose residents a terminal serves."""
        with self.transaction() as session:
            row = session.get(TerminalRow, terminal_id)
            return None if row is None else row.municipality_code

    def is_empty(self) -> bool:
        """Whether no municipality is there yet."""
        with self.transaction() as session:
            return session.scalars(select(MunicipalityRow.code).limit(1)).first() is None

    def put_municipality(self, municipality: Municipality) -> None:
        """Add a municipality, or replace its rules."""
        with self.transaction() as session:
            self._municipalities.pop(municipality.code, None)
            session.merge(rows.municipality_row(municipality, session))

    def put_entry(self, entry: Entry) -> None:
        """Add a resident, or replace the entry, seal included."""
        with self.transaction() as session:
            session.merge(rows.resident_row(entry.person, entry.municipality_code))

    def remove_entry(self, key: str) -> None:
        """Take a resident away with seal and cards, as if never there."""
        with self.transaction() as session:
            session.execute(delete(RegistrationRow).where(RegistrationRow.resident_key == key))
            row = session.get(ResidentRow, key)
            if row is not None:
                session.delete(row)

    def put_registration(self, card: CardIdentity, registration: Registration) -> None:
        """Say whose a certificate is and in which state."""
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

    def put_limit(self, terminal_id: str, municipality_code: str) -> None:
        """Let a terminal serve residents of one municipality only."""
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
