"""The defects that real issuing servers had, each with the mechanism that was published or, where none was, the nearest one.

Source: reference service-and-incidents.md section 2.1, by municipality. A defect only ever bites under its trigger (load, two
requests in a second, a synchronisation at the wrong moment); the envelope that the wrong paper comes in is always right, signed
and sealed to whoever asked, which is what made these accidents dangerous.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class TimeoutReleasesOnlyTheOrderLock:
    """横浜 2023-03-27, ten papers. Published: under load a print waited longer than the limit; what ran then released only
    the lock that keeps the order of printing, and the waiting applicant was given the *next* applicant's file.

    Here: the time-out takes the print out of the order, but the applicant's procedure goes on waiting, first in line for whatever
    comes out next. Trigger: as many prints at once as make the last wait longer than ``print_wait_limit_s``.
    """


@dataclass(frozen=True, slots=True)
class SynchronisationOverwritesTheWorkArea:
    """足立 2023-03-22 and 04-18, two papers. Published: the continual synchronisation from the resident register ran at the same
    time as a request; the centre had noticed errors on three days and asked, and was told that after the error the
    person had applied again and printing had ended normally.

    Here: synchronisation loads what it carries over into the work area from which the certificate is written. With
    ``error_first`` the server notices, fails the request and notes the error; the area stays reserved as it is, and when
    the applicant comes again the certificate is written from it. Trigger: a synchronisation that carries somebody's entry
    between the reading and the writing of a certificate, so ``render_s`` must be more than 0.
    """

    error_first: bool = True


@dataclass(frozen=True, slots=True)
class FileNamedByTheSecond:
    """川崎 2023-05-02, one paper. Published: in a program that couples the issuing service with another system, of two requests
    within one second the later overwrote the earlier. Engineers' guess: the key was made of hour, minute and second.

    Here: that guess. Trigger: two requests in one second, the second written before the first has been handed over.
    """


@dataclass(frozen=True, slots=True)
class ContinuationPagesShared:
    """徳島 2023-03-27, one paper: the second sheet of three was another person's. No mechanism was published.

    Here: every sheet but the first is written to a temporary file that is named by its number alone. Trigger: two certificates of
    several sheets in the making at once.
    """


@dataclass(frozen=True, slots=True)
class SynchronisationFailsSilently:
    """新潟, さいたま, 熊本 2020-12 to 2023-05: certificates of cancelled seals. Published: a fault in the data linkage between
    resident system and issuing server, for up to two and a half years unnoticed.

    :ivar since: from then on nothing arrives any more; None: since before the run began
    :ivar what: everything stops, or the seals alone while the rest goes on (then nothing looks old)
    :ivar claims: the bundle says how old the copy is, or that it is of today. The second no terminal can see through.
    :ivar missed_cancellations: residents whose seal was cancelled before the run began and is still good in the copy
    """

    since: datetime | None = None
    what: Literal["everything", "seals"] = "everything"
    claims: Literal["last_success", "now"] = "last_success"
    missed_cancellations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputAreaNotCleared:
    """宗像 2023-06-28, one paper, on a terminal in the town office, ten days after the inspection: the paper of whoever had
    come just before. Published: a bug of 2019, mended elsewhere; the mending had never been installed here.

    Here: the file that was handed over stays in the output area, and who waits looks there every ``look_every_s`` for
    "the" file. Trigger: a certificate that takes longer to print than that (a large household's).
    """

    look_every_s: float = 1.0


@dataclass(frozen=True, slots=True)
class SequencePerServer:
    """高松 2024-04-04, one paper. Published: a site of several servers ran the program for a single one; a nearly simultaneous
    request at another shop.

    Here: each server numbers its files by itself, in a store that all of them share. Trigger: ``servers`` of 2 or more, and
    two of them at the same number at the same time.
    """


@dataclass(frozen=True, slots=True)
class SharedLinkObject:
    """大韓民国 政府24 2024-04, 1,233 papers. Published: while the link program was being optimised, several users at once were
    given other people's certificates.

    Here: one link object says for whom the register is read; a request sets it, and reads by it ``read_s`` later. Trigger:
    another request sets it in between, so ``read_s`` must be more than 0.
    """


@dataclass(frozen=True, slots=True)
class SealImageMissing:
    """総社 2021-09-11 to 11-12, 73 papers without the mayor's seal, after an update of the system.

    :ivar since: the moment of the update; None: before the run began
    """

    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EraTableNotFetched:
    """大阪 2019-05-07, "平成31年" on eleven papers: three of some 230 machines had not fetched the file of eras.

    Only what the municipality draws can have it (document mode): a record holds no eras.

    :ivar servers: the machines that lack the table, counted from 1
    """

    servers: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class CertificateLinkedToAnother:
    """The accident of the health insurance cards (7,312 from 2021-10 to 2022-11; section 2.4) at a certificate: somebody was
    looked up with fewer than four items, and the wrong person was linked, here to the certificate's serial.

    The whole session is then another person's; only the card itself can tell. With evidence ``serial`` nothing can.
    """

    resident: str
    linked_to: str


Defect: TypeAlias = (
    TimeoutReleasesOnlyTheOrderLock
    | SynchronisationOverwritesTheWorkArea
    | FileNamedByTheSecond
    | ContinuationPagesShared
    | SynchronisationFailsSilently
    | OutputAreaNotCleared
    | SequencePerServer
    | SharedLinkObject
    | SealImageMissing
    | EraTableNotFetched
    | CertificateLinkedToAnother
)
