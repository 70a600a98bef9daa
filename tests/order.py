"""The order of the test files: the longest first, so that no worker is left alone with one of them at the end.

Measured on two cores, waiting included. ``--dist loadfile`` by itself would begin with the files of the most tests, and those
that wait for real processes have few: ``--no-loadscope-reorder`` in ``pyproject.toml`` makes it keep this order.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

TESTS: Final = Path(__file__).parent

# Files that wait and files that compute by turns: the two workers then seldom want, or leave, both cores at once.
LONGEST: Final = (
    "wire/test_power_cut_on_wires.py",
    "faults/test_power_cut_service_dies.py",
    "wire/test_terminal_on_wires.py",
    "faults/test_memory_hunt.py",
    "faults/test_power_cut_customer_dies.py",
    "faults/test_card_removed.py",
    "properties/test_machine_walk.py",
    "wire/test_notes_validator.py",
    "unit/test_sheet_file.py",
    "wire/test_card_slot.py",
    "unit/test_fleet.py",
    "wire/test_scenarios_live.py",
    "unit/test_mutants_gates.py",
    "wire/test_printer_ippeveprinter.py",
    "faults/test_card_hangs.py",
    "wire/test_receipt_printer.py",
    "faults/test_card_damaged.py",
    "wire/test_opensc_accepts_the_card.py",
    "faults/test_supervisor_bad_frames.py",
)
"""Files of ten seconds and more, by their paths below ``tests``."""

_RANK: Final = {TESTS / name: rank for rank, name in enumerate(LONGEST)}


def longest_first(items: Iterable[T], file_of: Callable[[T], Path]) -> list[T]:
    """``items`` with those of ``LONGEST`` in front, in its order; the rest, and all within one file, as they came."""
    return sorted(items, key=lambda item: _RANK.get(file_of(item), len(_RANK)))
