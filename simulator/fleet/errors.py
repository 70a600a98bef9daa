"""Why a fleet cannot run. Imports nothing that the extra ``honnin[fleet]`` installs, so that its absence can be told, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from terminal.errors import HonninError

LIBRARIES: Final = ("faker", "matplotlib", "pyarrow")
"""What the extra ``fleet`` of pyproject.toml brings: names, plots, and Parquet."""


class FleetErrorCode(StrEnum):
    """Why a fleet cannot run."""

    NOT_INSTALLED = "FLEET_NOT_INSTALLED"
    UNWRITABLE = "FLEET_UNWRITABLE"
    NO_DASK = "FLEET_NO_DASK"
    UNREACHABLE = "FLEET_DASK_UNREACHABLE"
    WORKERS_DIE = "FLEET_WORKERS_DIE"
    OTHER_RUN = "FLEET_OTHER_RUN"
    IN_THE_WAY = "FLEET_IN_THE_WAY"
    PART_DAMAGED = "FLEET_PART_DAMAGED"


class FleetError(HonninError):
    """A fleet that cannot run; the text says what was expected, what came and what to do."""


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """What is done in here writes into ``folder``.

    :raises FleetError: it cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise FleetError(
            FleetErrorCode.UNWRITABLE,
            f"expected to write into {folder}, got {error.strerror}; make room there and --resume, or give another --out",
        ) from None


def demand_libraries() -> None:
    """See that the extra is installed.

    :raises FleetError: a library is missing.
    """
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise FleetError(
            FleetErrorCode.NOT_INSTALLED,
            f"expected {', '.join(LIBRARIES)}, not installed: {', '.join(missing)}; pip install 'honnin[fleet]'",
        )
