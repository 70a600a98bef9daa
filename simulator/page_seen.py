"""What can be seen on one printed front: a value of the histories (``simulator.seen``), made by ``simulator.checkers.paper``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One printed front: the residents whose name and birth date or address are on it, what it is, and its marks.

    ``kind`` is the certificate's kind, ``number`` the document number, ``page`` of ``pages``; ``official_seal`` whether there is
    one, ``seal_of`` the resident whose seal it certifies, ``my_numbers`` whose numbers it bears, ``era_wrong`` that a date is
    written in an era that was over. Empty residents: nobody could be recognised.
    """

    residents: tuple[str, ...]
    kind: str = ""
    number: str = ""
    page: int = 1
    pages: int = 1
    specimen: bool = True
    official_seal: bool = True
    seal_of: str = ""
    my_numbers: tuple[str, ...] = ()
    era_wrong: bool = False
    unsure: tuple[tuple[str, ...], ...] = ()
    """For each person on it who may be one or another: the residents in question."""
    strangers: int = 0
    """People on it whom no register knows as printed."""
    outdated: tuple[str, ...] = ()
    """Residents on it whose name, birth date or address the register by now has otherwise."""
