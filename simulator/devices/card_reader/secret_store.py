"""The card's secrets and retry counters: kept on disk, because a blocked card stays blocked. Reference jpki-card.md 2.4, 3.5."""

import fcntl
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from simulator.home import damaged, unusable, write_private


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A PIN, password or verification number; ``tries`` is the limit, 0 a reference that is blocked for ever."""

    value: str
    tries: int
    tries_left: int

    @classmethod
    def fresh(cls, value: str, tries: int, tries_left: int | None = None) -> "Secret":
        """A secret with all its tries left, or with ``tries_left`` of them."""
        return cls(value, tries, tries if tries_left is None else tries_left)


_DOCUMENT = TypeAdapter(dict[str, Secret])


class SecretStore(Protocol):
    """Where a card keeps its secrets."""

    def read(self, name: str) -> Secret:
        """The secret ``name`` as it stands now. Raises ``OSError`` or ``HomeError`` when it cannot be read."""
        ...

    def change(self, name: str, change: Callable[[Secret], Secret]) -> Secret:
        """Replace a secret in one step by what ``change`` makes of it; when this returns it survives a power cut.

        Raises ``OSError`` or ``HomeError`` when it cannot be kept.
        """
        ...


class MemorySecrets:
    """Secrets of a card that is thrown away with the process: for virtual time and unit tests."""

    def __init__(self, initial: Mapping[str, Secret]) -> None:
        self._secrets = dict(initial)

    def read(self, name: str) -> Secret:
        """The secret ``name``."""
        return self._secrets[name]

    def change(self, name: str, change: Callable[[Secret], Secret]) -> Secret:
        """Keep the changed secret until the process ends."""
        self._secrets[name] = change(self._secrets[name])
        return self._secrets[name]


class FileSecrets:
    """Secrets in one JSON file (0600), read afresh each time, so that two processes with one card share its counters."""

    def __init__(self, path: Path, initial: Mapping[str, Secret]) -> None:
        """Keep the counters of ``path`` when it exists; raise ``HomeError`` when it cannot be written or holds something else."""
        self._path = path
        try:
            self._complete(initial)
        except OSError as error:
            raise unusable(path, error) from None

    def _complete(self, initial: Mapping[str, Secret]) -> None:
        with self._locked():
            known = self._load() if self._path.exists() else {}
            missing = {name: secret for name, secret in initial.items() if name not in known}
            if missing:
                self._store({**known, **missing})

    def read(self, name: str) -> Secret:
        """The secret ``name`` as the file holds it now."""
        return self._load()[name]

    def change(self, name: str, change: Callable[[Secret], Secret]) -> Secret:
        """Replace the file atomically and flush it to the disk; no other process gets between."""
        with self._locked():
            secrets = self._load()
            secrets[name] = change(secrets[name])
            self._store(secrets)
            return secrets[name]

    def _load(self) -> dict[str, Secret]:
        try:
            return _DOCUMENT.validate_json(self._path.read_bytes())
        except ValueError:
            raise damaged(self._path, "the secrets of a card") from None

    def _store(self, secrets: Mapping[str, Secret]) -> None:
        document = {name: asdict(secret) for name, secret in secrets.items()}
        write_private(self._path, json.dumps(document, indent=1).encode())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def present(store: SecretStore, name: str, offered: bytes) -> Secret | None:
    """Offer ``offered`` for secret ``name``: None when right, else the secret with its try spent (kept before this returns).

    The caller has made sure that tries are left. Raises ``OSError`` when the spent try cannot be kept.
    """
    secret = store.read(name)
    if not hmac.compare_digest(secret.value.encode("ascii"), offered):
        return store.change(name, lambda now: replace(now, tries_left=max(0, now.tries_left - 1)))
    if secret.tries_left != secret.tries:
        store.change(name, lambda now: replace(now, tries_left=now.tries))
    return None
