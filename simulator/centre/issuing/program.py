"""Which program a server runs: the right one, or one of those that were installed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import assert_never

from simulator.centre.issuing.defects import (
    CertificateLinkedToAnother,
    ContinuationPagesShared,
    Defect,
    EraTableNotFetched,
    FileNamedByTheSecond,
    OutputAreaNotCleared,
    SealImageMissing,
    SequencePerServer,
    SharedLinkObject,
    SynchronisationFailsSilently,
    SynchronisationOverwritesTheWorkArea,
    TimeoutReleasesOnlyTheOrderLock,
)


class FileNames(Enum):
    """By what a file in the store is named."""

    REQUEST = auto()
    SECOND = auto()
    SERVERS_OWN_SEQUENCE = auto()


@dataclass(frozen=True, slots=True)
class Program:
    """How the program does what the accidents turned on. As it stands here, it does it right."""

    file_names: FileNames = FileNames.REQUEST
    cancels_on_print_timeout: bool = True
    own_link_object: bool = True
    own_page_files: bool = True
    own_work_area: bool = True
    notes_overwritten_area: bool = False
    clears_output_area: bool = True
    looks_into_output_every_s: float = 1.0
    update_without_seal: bool = False
    update_at: datetime | None = None
    without_era_table: frozenset[int] = frozenset()


def program_of(defects: tuple[Defect, ...]) -> Program:
    """The program with these defects."""
    program = Program()
    for defect in defects:
        program = _with(program, defect)
    return program


def _with(program: Program, defect: Defect) -> Program:
    match defect:
        case TimeoutReleasesOnlyTheOrderLock():
            return replace(program, cancels_on_print_timeout=False)
        case SynchronisationOverwritesTheWorkArea(error_first):
            return replace(program, own_work_area=False, notes_overwritten_area=error_first)
        case FileNamedByTheSecond():
            return replace(program, file_names=FileNames.SECOND)
        case ContinuationPagesShared():
            return replace(program, own_page_files=False)
        case OutputAreaNotCleared(look_every_s):
            return replace(program, clears_output_area=False, looks_into_output_every_s=look_every_s)
        case SequencePerServer():
            return replace(program, file_names=FileNames.SERVERS_OWN_SEQUENCE)
        case SharedLinkObject():
            return replace(program, own_link_object=False)
        case _:
            return _with_bad_data(program, defect)


def _with_bad_data(
    program: Program,
    defect: SealImageMissing | EraTableNotFetched | SynchronisationFailsSilently | CertificateLinkedToAnother,
) -> Program:
    match defect:
        case SealImageMissing(since):
            return replace(program, update_without_seal=True, update_at=since)
        case EraTableNotFetched(servers):
            return replace(program, without_era_table=frozenset(servers))
        case SynchronisationFailsSilently() | CertificateLinkedToAnother():
            # These are not in the program: what it reads is wrong already (replica.py).
            return program
        case _:
            assert_never(defect)
