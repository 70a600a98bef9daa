"""Where the registers stand in plain memory: for the virtual world, in which a database would cost more than the certificate."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from simulator.centre.changes import Entry
from simulator.centre.facts import Municipality, Registration
from simulator.centre.reading import Registered
from terminal.centre.messages import CardIdentity

_K = TypeVar("_K")
_V = TypeVar("_V")
_Undo = tuple[dict[Any, Any], Any, Any]
_ABSENT: Any = object()


class MemoryShelf:
    """The registers as dictionaries, with the transactions of a database. Safe to use from threads."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._households: dict[str, dict[str, None]] = {}
        self._municipalities: dict[str, Municipality] = {}
        self._registrations: dict[tuple[bytes, int], Registration] = {}
        self._cards: dict[str, dict[tuple[bytes, int], None]] = {}
        self._limits: dict[str, str] = {}
        self._undo: list[_Undo] | None = None
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything or, on an exception, nothing; nobody reads what is half done. One inside another joins it."""
        with self._lock:
            if self._undo is not None:
                yield
                return
            self._undo = []
            try:
                yield
            except BaseException:
                for table, key, old in reversed(self._undo):
                    _put_back(table, key, old)
                raise
            finally:
                self._undo = None

    def close(self) -> None:
        """Nothing is open."""

    def registered(self, card: CardIdentity) -> Registered | None:
        """What is registered of a certificate."""
        with self._lock:
            registration = self._registrations.get(_card_key(card))
            if registration is None:
                return None
            entry = self._entries[registration.resident_key]
            return Registered(registration, entry.person.household, entry.municipality_code)

    def entry(self, key: str) -> Entry | None:
        """One resident's entry."""
        with self._lock:
            return self._entries.get(key)

    def household(self, name: str) -> tuple[Entry, ...]:
        """The entries of a household, the dead included, in the register's order."""
        with self._lock:
            found = [self._entries[key] for key in self._households.get(name, ())]
        return tuple(sorted(found, key=_position))

    def municipality(self, code: str) -> Municipality | None:
        """A municipality and its rules."""
        with self._lock:
            return self._municipalities.get(code)

    def limit_of(self, terminal_id: str) -> str | None:
        """The one municipality whose residents a terminal serves."""
        with self._lock:
            return self._limits.get(terminal_id)

    def is_empty(self) -> bool:
        """Whether no municipality is there yet."""
        with self._lock:
            return not self._municipalities

    def put_municipality(self, municipality: Municipality) -> None:
        """Add a municipality, or replace its rules."""
        with self.transaction():
            self._set(self._municipalities, municipality.code, municipality)

    def put_entry(self, entry: Entry) -> None:
        """Add a resident, or replace the entry; raise ``KeyError`` for a municipality that is not there."""
        with self.transaction():
            if entry.municipality_code not in self._municipalities:
                raise KeyError(f"no municipality {entry.municipality_code!r} in the registers; put it there first")
            person = entry.person
            old = self._entries.get(person.key)
            if old is not None and old.person.household != person.household:
                self._leave(self._households, old.person.household, person.key)
            self._join(self._households, person.household, person.key)
            self._set(self._entries, person.key, entry)

    def remove_entry(self, key: str) -> None:
        """Take a resident away with seal and cards, as if never there."""
        with self.transaction():
            old = self._entries.get(key)
            if old is None:
                return
            for card in self._cards.get(key, {}):
                self._set(self._registrations, card, _ABSENT)
            self._set(self._cards, key, _ABSENT)
            self._leave(self._households, old.person.household, key)
            self._set(self._entries, key, _ABSENT)

    def put_registration(self, card: CardIdentity, registration: Registration) -> None:
        """Say whose a certificate is and in which state; raise ``KeyError`` for a resident who is not there."""
        key, resident = _card_key(card), registration.resident_key
        with self.transaction():
            if resident not in self._entries:
                raise KeyError(f"no resident {resident!r} in the registers; put the person there first")
            old = self._registrations.get(key)
            if old is not None and old.resident_key != resident:
                self._leave(self._cards, old.resident_key, key)
            self._join(self._cards, resident, key)
            self._set(self._registrations, key, registration)

    def put_limit(self, terminal_id: str, municipality_code: str) -> None:
        """Let a terminal serve residents of one municipality only."""
        with self.transaction():
            self._set(self._limits, terminal_id, municipality_code)

    def _set(self, table: dict[_K, _V], key: _K, value: _V) -> None:
        if self._undo is not None:
            self._undo.append((table, key, table.get(key, _ABSENT)))
        _put_back(table, key, value)

    def _join(self, groups: dict[str, dict[_K, None]], name: str, member: _K) -> None:
        members = groups.get(name, {})
        if member not in members:
            self._set(groups, name, {**members, member: None})

    def _leave(self, groups: dict[str, dict[_K, None]], name: str, member: _K) -> None:
        left = {each: None for each in groups.get(name, {}) if each != member}
        self._set(groups, name, left or _ABSENT)


def _put_back(table: dict[Any, Any], key: Any, value: Any) -> None:
    if value is _ABSENT:
        table.pop(key, None)
    else:
        table[key] = value


def _card_key(card: CardIdentity) -> tuple[bytes, int]:
    return bytes(card.issuer_key_id), card.serial


def _position(entry: Entry) -> tuple[int, str]:
    return entry.person.position, entry.person.key
