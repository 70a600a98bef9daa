"""A run's folder: what was asked for, and the parts that are done; a run that was stopped goes on where it was."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from simulator.fleet.country import Unit
from simulator.fleet.errors import FleetError, FleetErrorCode, writable
from simulator.fleet.parquet import tally_of, write_part
from simulator.fleet.shards import ShardResult
from simulator.fleet.tally import Tally

MANIFEST: Final = "run.json"
_PARTS: Final = "history"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes a run what it is: with the same values the same happens."""

    customers: int
    seed: int


class RunFolder:
    """``parts`` are done and on the disk; ``tally`` is all of them added up."""

    def __init__(self, folder: Path, asked: Asked, *, resume: bool) -> None:
        """Begin a new run, or take one up again.

        :raises FleetError: there is a run already and nobody said resume, or it is another one, a part is damaged, or the folder
            cannot be written.
        """
        self.folder = folder
        self.tally = Tally()
        self._history = folder / _PARTS
        manifest = folder / MANIFEST
        with writable(folder):
            self._history.mkdir(parents=True, exist_ok=True)
        if manifest.exists():
            self._check(manifest, asked, resume)
        else:
            write_part(manifest, json.dumps({"format": _FORMAT, **asdict(asked)}, indent=1).encode())
        for part in self.parts:
            self.tally.add(_counted(part))

    @property
    def parts(self) -> tuple[Path, ...]:
        """The Parquet files of the history, in order of their names."""
        return tuple(sorted(self._history.glob("part-*.parquet")))

    def left(self, units: Sequence[Unit]) -> tuple[Unit, ...]:
        """Which of ``units`` no part holds."""
        return tuple(unit for unit in units if unit.name not in self.tally.digests)

    def keep(self, result: ShardResult) -> None:
        """A shard is done: its part appears whole, named after its first unit.

        :raises FleetError: it cannot be written; what was kept before stays.
        """
        first = min(result.tally.digests)
        write_part(self._history / f"part-{first}.parquet", result.part)
        self.tally.add(result.tally)

    def _check(self, manifest: Path, asked: Asked, resume: bool) -> None:
        try:
            found = json.loads(manifest.read_bytes())
        except ValueError:
            found = {}
        if not resume:
            raise FleetError(
                FleetErrorCode.IN_THE_WAY,
                f"expected {self.folder} to hold no run, it holds one; take it up with --resume, or give another --out",
            )
        wanted = {"format": _FORMAT, **asdict(asked)}
        if found != wanted:
            raise FleetError(
                FleetErrorCode.OTHER_RUN,
                f"expected the run of {wanted} in {self.folder}, found {found}; resume with the same values",
            )


def _counted(part: Path) -> Tally:
    try:
        return tally_of(part)
    except ValueError as error:
        raise FleetError(
            FleetErrorCode.PART_DAMAGED, f"{error}; delete that file and resume: its units run again"
        ) from None
