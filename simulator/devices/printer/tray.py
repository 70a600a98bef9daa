"""Where sheets come out: what lies there is what a person takes home."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class Delivery:
    """The page sides of one job that came out: ``pdf`` holds exactly those, ``sides`` of ``sides_asked``."""

    number: int
    job_name: str
    pdf: bytes
    sides: int
    sides_asked: int

    def __repr__(self) -> str:
        return f"Delivery(number={self.number}, {self.sides} of {self.sides_asked} sides)"


class Tray(Protocol):
    """Takes what comes out."""

    def deliver(self, delivery: Delivery) -> None:
        """Lay the sheets down."""
        ...


class MemoryTray:
    """A tray for checkers in the same process."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []

    def deliver(self, delivery: Delivery) -> None:
        """Keep the delivery."""
        self.deliveries.append(delivery)


class SpoolTray:
    """A directory: one PDF a delivery, ``sheets-000001.pdf`` on, ``-partial`` when sides are missing; never overwritten."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._next = 1 + max((_number(path) for path in directory.glob("sheets-*.pdf")), default=0)

    def deliver(self, delivery: Delivery) -> None:
        """Write the PDF under its final name only when it is whole."""
        partial = "" if delivery.sides == delivery.sides_asked else "-partial"
        path = self._directory / f"sheets-{self._next:06d}{partial}.pdf"
        self._next += 1
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(delivery.pdf)
        unfinished.rename(path)


def _number(path: Path) -> int:
    digits = path.stem.split("-")[1]
    return int(digits) if digits.isdecimal() else 0
