"""How one municipality's issuing server is built and driven, as a value: machines, times, limits, synchronisation, defects."""

from dataclasses import dataclass, field
from datetime import time

from simulator.centre.issuing.defects import Defect


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """When the server's copy of the resident register is brought up to date (住民記録システムからの連携).

    :ivar nightly_at: 夜間連携, by the clock in Japan; None: never
    :ivar continual_every_s: 随時連携, counted from the server's start; None: never
    :ivar always_carried: residents whose entries are at work at the counter all day, so that every synchronisation carries them

    A terminal refuses what was read from a copy older than an hour: with ``nightly_at`` alone it refuses from the hour after on.
    """

    nightly_at: time | None = time(2, 0)
    continual_every_s: float | None = 300.0
    always_carried: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.nightly_at is not None and self.nightly_at.tzinfo is not None:
            raise ValueError(
                "expected nightly_at as a plain time, came one with an offset; it is meant in Japan's time"
            )
        if self.continual_every_s is not None and self.continual_every_s < 0.1:
            raise ValueError(
                f"expected continual_every_s of at least 0.1 s, came {self.continual_every_s:g}; leave sync out to read "
                "the register itself"
            )


@dataclass(frozen=True, slots=True)
class Company:
    """Other customers, at other shops, who come whenever one comes through the centre: load without terminals.

    :ivar residents: who they are, in turn; all of this municipality
    :ivar ahead: how many are asked for at the same moment, but before
    :ivar after_s: and how long after it the others come
    """

    residents: tuple[str, ...]
    ahead: int = 0
    after_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.residents or self.ahead < 0 or any(late_s < 0 for late_s in self.after_s):
            raise ValueError("expected at least one resident, ahead of 0 or more and moments after_s of 0 s or more")


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """One municipality's server. Without any arguments it takes no time and reads the register itself.

    :ivar servers: machines behind one address; requests go to them in turn
    :ivar workers: requests that one machine works on at once, from reading to handing over; the others queue
    :ivar queue_limit: requests that may wait on one machine; one more is told that the server is busy
    :ivar read_s: reading the register, for one request
    :ivar render_s: writing the certificate to a file
    :ivar print_s: printing it; each machine prints one at a time, in order
    :ivar per_person_s: how much longer writing and printing take for each person stated beyond the first
    :ivar print_wait_limit_s: how long a request waits for its print before it is cancelled as a whole
    :ivar answer_limit_s: how long the centre keeps a request open, whatever the server does; then it is cancelled as a whole
    :ivar cache_s: how long what was read of a person may be used again
    :ivar sync: the server reads a copy that is brought up to date by this plan; None: it reads the register itself
    """

    servers: int = 1
    workers: int = 32
    queue_limit: int = 1000
    read_s: float = 0.0
    render_s: float = 0.0
    print_s: float = 0.0
    per_person_s: float = 0.0
    print_wait_limit_s: float = 60.0
    answer_limit_s: float = 120.0
    cache_s: float = 0.0
    sync: SyncPlan | None = None
    company: Company | None = None
    defects: tuple[Defect, ...] = field(default=())

    def __post_init__(self) -> None:
        for name in ("servers", "workers"):
            if getattr(self, name) < 1:
                raise ValueError(f"expected {name} of 1 or more, came {getattr(self, name)}")
        for name in ("queue_limit", "read_s", "render_s", "print_s", "per_person_s", "cache_s"):
            if getattr(self, name) < 0:
                raise ValueError(f"expected {name} of 0 or more, came {getattr(self, name)}")
        for name in ("print_wait_limit_s", "answer_limit_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"expected {name} above 0, came {getattr(self, name)}")
        kinds = [type(defect) for defect in self.defects]
        if any(kinds.count(kind) > 1 for kind in kinds):
            raise ValueError("expected each kind of defect once; join what two of one kind say into one")


HEALTHY = ServerSetup()
"""No time, no copy, no defect: what every municipality runs unless something else is said."""
