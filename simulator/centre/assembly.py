"""A whole centre for one home: keys, registers, seed, model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator import pki as card_pki
from simulator.centre.faults import FaultPlan
from simulator.centre.ids import Ids
from simulator.centre.issuing.events import Listener, nobody_listens
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.model import CentreModel, make_model
from simulator.centre.pki import CentrePki, load_or_create
from simulator.centre.registers import Registers, sqlite_url
from simulator.centre.seed import MUNICIPALITY_CODES, seed
from simulator.devices.card_reader.registrations import registrations
from simulator.home import Home
from terminal.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class AssembledCentre:
    """A model and what must be closed after it."""

    model: CentreModel
    pki: CentrePki
    registers: Registers

    def close(self) -> None:
        """Let go of the database."""
        self.registers.close()


def default_database(home: Home) -> str:
    """The URL of the registers that belong to a home."""
    return sqlite_url(home.root / "centre" / "registers.sqlite")


def assemble(
    home: Home,
    database: str | None = None,
    clock: Clock | None = None,
    faults: FaultPlan | None = None,
    ids: Ids | None = None,
    setups: Mapping[str, ServerSetup] | None = None,
    listener: Listener = nobody_listens,
) -> AssembledCentre:
    """Make what is missing in the home, fill empty registers, and join the parts.

    ``database`` is a SQLAlchemy URL; without one the home's own SQLite file is used. ``sqlite://`` keeps all in memory, and
    ``memory://`` in plain dictionaries. ``setups`` gives a municipality's server, by its code, another build than the healthy one
    that takes no time; ``listener`` is told what the servers do.
    """
    time = SystemClock() if clock is None else clock
    keys = load_or_create(home, MUNICIPALITY_CODES)
    authorities = [card_pki.load_or_create(home).authentication.certificate]
    registers = Registers(default_database(home) if database is None else database, time)
    seed(registers, registrations(home), time.wall().date())
    model = make_model(registers, keys, authorities, time, ids, faults, setups, listener)
    return AssembledCentre(model, keys, registers)


def trust_directory(home: Home) -> Path:
    """What a terminal on this home trusts: municipalities, sheet keys, card authorities, the centre's TLS authority."""
    assemble(home, "sqlite://").close()
    return home.trust
