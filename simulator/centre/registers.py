"""The resident register behind the simulated centre: the truth about people, their seals and their cards.

Everything read comes out as a frozen value of ``facts.py``. Changes are named methods, so that a story can say what happened to a
person's entry and when; ``changes`` tells them again, and ``resident`` can be asked how things were at an earlier moment, which
is what a replica that lags behind serves.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.orm import Session

from simulator.centre.changes import ChangeKind, ChangeLog, Entry, Moment, RegisterChange
from simulator.centre.facts import Applicant, Municipality, Person, Registration, Seal, SealState
from simulator.centre.memory_shelf import MemoryShelf
from simulator.centre.reading import Registered
from simulator.centre.sql_shelf import SqlShelf
from terminal.centre.messages import BundleMode, CardIdentity
from terminal.clock import Clock, SystemClock

IN_MEMORY = "sqlite://"
"""A SQLite database in memory: everything a database does, nothing kept."""
PLAIN_MEMORY = "memory://"
"""Dictionaries: the fastest, for the virtual world."""

Shelf: TypeAlias = SqlShelf | MemoryShelf
_Done: TypeAlias = tuple[ChangeKind, Entry, Entry]


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.absolute()}"


class Registers:
    """The registers on one shelf, a database or plain memory. Safe to use from several threads."""

    def __init__(self, url: str = IN_MEMORY, clock: Clock | None = None) -> None:
        """Connect and make missing tables; raise SQLAlchemy's errors when the database cannot be reached.

        ``clock`` times the changes; without one it is the system's.
        """
        self.shelf: Shelf = MemoryShelf() if url == PLAIN_MEMORY else SqlShelf(url)
        self._log = ChangeLog(SystemClock() if clock is None else clock)
        self._of_thread = threading.local()

    @property
    def dialect(self) -> str:
        """``sqlite``, ``postgresql`` or ``memory``."""
        return self.shelf.dialect if isinstance(self.shelf, SqlShelf) else "memory"

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Several changes as one: all are there at the end, or none after an exception. One inside another joins it."""
        if getattr(self._of_thread, "done", None) is not None:
            yield
            return
        done: list[_Done] = []
        self._of_thread.done = done
        try:
            with self.shelf.transaction():
                yield
        finally:
            del self._of_thread.done
        self._log.note(done)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """The database's own session within ``at_once``; raise ``TypeError`` when no database keeps these registers."""
        if not isinstance(self.shelf, SqlShelf):
            raise TypeError("expected registers in a database, these are plain memory; use at_once()")
        with self.at_once(), self.shelf.transaction() as session:
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.shelf.close()

    # Reading

    def applicant(self, card: CardIdentity) -> Applicant | None:
        """Who the card belongs to, with household and municipality; None when no one registered it."""
        with self.shelf.transaction():
            found = self.shelf.registered(card)
            return None if found is None else self._applicant(found, self.shelf.household(found.household))

    def resident(self, registration: Registration, moment: Moment) -> Applicant | None:
        """The same for the resident whom ``registration`` names, as the register was at ``moment``; None when not there."""
        with self.shelf.transaction():
            key = registration.resident_key
            now = self.shelf.entry(key)
            if now is None:
                return None
            entry = self._log.entry_at(key, moment.data_s) or now
            household = self._household_at(entry.person.household, moment)
            return self._applicant(Registered(registration, entry.person.household, entry.municipality_code), household)

    def municipality(self, code: str) -> Municipality | None:
        """A municipality and its rules."""
        return self.shelf.municipality(code)

    def limit_of(self, terminal_id: str) -> str | None:
        """The one municipality whose residents this terminal serves, or None when it serves all."""
        return self.shelf.limit_of(terminal_id)

    def is_empty(self) -> bool:
        """Whether no municipality is there yet."""
        return self.shelf.is_empty()

    def person(self, key: str) -> Person:
        """One resident; raise ``KeyError`` when there is none."""
        return self._entry(key).person

    @property
    def changes(self) -> tuple[RegisterChange, ...]:
        """Every change of a resident's entry that this process made, in the order of time."""
        return self._log.all()

    def changes_between(self, after_s: float, until_s: float, municipality_code: str) -> tuple[RegisterChange, ...]:
        """A municipality's changes later than ``after_s`` and not later than ``until_s``: what a synchronisation carries."""
        return self._log.between(after_s, until_s, municipality_code)

    # Filling: what is there before anything happens

    def put_municipality(self, municipality: Municipality) -> None:
        """Add a municipality, or replace its rules."""
        with self.at_once():
            self.shelf.put_municipality(municipality)

    def change_mode(self, code: str, mode: BundleMode) -> None:
        """Let a municipality send records or documents from now on."""
        municipality = self.municipality(code)
        if municipality is None:
            raise KeyError(f"no municipality {code!r} in the registers")
        self.put_municipality(replace(municipality, mode=mode))

    def put_person(self, person: Person, municipality_code: str) -> None:
        """Add a resident, or replace what is known of them, seal included; no change of the story, and not logged."""
        with self.at_once():
            self.shelf.put_entry(Entry(person, municipality_code))

    def remove_person(self, key: str) -> None:
        """Take a resident away with seal and cards: for worlds that make people as they come, and forget them."""
        with self.at_once():
            self.shelf.remove_entry(key)

    def register_card(self, card: CardIdentity, registration: Registration) -> None:
        """Say whose a certificate is and in which state; the same certificate again replaces it."""
        with self.at_once():
            self.shelf.put_registration(card, registration)

    def limit_terminal(self, terminal_id: str, municipality_code: str) -> None:
        """From now on this terminal serves residents of one municipality only."""
        with self.at_once():
            self.shelf.put_limit(terminal_id, municipality_code)

    # Changes, as they are notified at the counter

    def move(self, key: str, address: str) -> None:
        """転居: another address in the same municipality."""
        with self.at_once():
            basic = self.person(key).basic.model_copy(update={"address": address})
            self._change(key, ChangeKind.MOVED, basic=basic)

    def marry(self, key: str, name: str, former_name: str | None = None) -> None:
        """氏の変更: another name; ``former_name`` is entered beside it when asked for (旧氏)."""
        with self.at_once():
            before = self.person(key)
            basic = before.basic.model_copy(update={"name": name})
            self._change(key, ChangeKind.NAME_CHANGED, basic=basic, former_name=former_name or before.former_name)

    def announce_moving_out(self, key: str) -> None:
        """転出届: still a resident, and about to leave."""
        self._change(key, ChangeKind.MOVING_OUT, moving_out=True)

    def record_death(self, key: str, on: date) -> None:
        """死亡届."""
        self._change(key, ChangeKind.DIED, deceased_on=on)

    def register_seal(self, key: str, seal: Seal) -> None:
        """印鑑登録; a seal that replaces another one is a change of seal (改印)."""
        with self.at_once():
            changed = self.person(key).seal is not None
            self._change(key, ChangeKind.SEAL_CHANGED if changed else ChangeKind.SEAL_REGISTERED, seal=seal)

    def cancel_seal(self, key: str) -> None:
        """廃印: the seal stays in the register as cancelled."""
        with self.at_once():
            seal = self.person(key).seal
            if seal is None:
                raise KeyError(f"resident {key!r} has no seal to cancel")
            self._change(key, ChangeKind.SEAL_CANCELLED, seal=replace(seal, state=SealState.CANCELLED))

    def change_person(self, key: str, **changes: object) -> None:
        """Replace named fields of ``facts.Person``; an unknown name is a ``TypeError``."""
        self._change(key, ChangeKind.CORRECTED, **changes)

    def _change(self, key: str, kind: ChangeKind, **changes: object) -> None:
        with self.at_once():
            before = self._entry(key)
            after = replace(before, person=replace(before.person, **changes))  # type: ignore[arg-type]
            self.shelf.put_entry(after)
            self._of_thread.done.append((kind, before, after))

    def _entry(self, key: str) -> Entry:
        entry = self.shelf.entry(key)
        if entry is None:
            raise KeyError(f"no resident {key!r} in the registers")
        return entry

    def _household_at(self, name: str, moment: Moment) -> tuple[Entry, ...]:
        present = {entry.person.key: entry for entry in self.shelf.household(name)}
        for key in self._log.touched(name):
            if key not in present:
                present[key] = self._entry(key)
        then = [self._entry_at(key, now, moment) for key, now in present.items()]
        return tuple(sorted((each for each in then if each.person.household == name), key=_position))

    def _entry_at(self, key: str, now: Entry, moment: Moment) -> Entry:
        entry = self._log.entry_at(key, moment.data_s) or now
        if moment.seals_s is None:
            return entry
        seal = (self._log.entry_at(key, moment.seals_s) or now).person.seal
        return replace(entry, person=replace(entry.person, seal=seal))

    def _applicant(self, found: Registered, household: tuple[Entry, ...]) -> Applicant:
        municipality = self.shelf.municipality(found.municipality_code)
        if municipality is None:
            raise LookupError("a resident without a municipality: the registers were changed past their foreign keys")
        key = found.registration.resident_key
        return Applicant(
            registration=found.registration,
            person=next(entry.person for entry in household if entry.person.key == key),
            household=tuple(entry.person for entry in household if entry.person.deceased_on is None),
            municipality=municipality,
        )


def _position(entry: Entry) -> tuple[int, str]:
    return entry.person.position, entry.person.key
