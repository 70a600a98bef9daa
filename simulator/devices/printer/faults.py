"""The printer's faults, and at which occasion each strikes: a page side, a job taken in, a request on the wire."""

from enum import StrEnum, unique


@unique
class FaultKind(StrEnum):
    """What goes wrong, and at which occasion: a page side about to be printed, a job taken in, a request on the wire."""

    # At a page side
    PAPER_OUT = "paper-out"
    PAPER_JAMMED = "paper-jammed"
    DOOR_OPENED = "door-opened"
    TONER_OUT = "toner-out"
    TONER_LOW = "toner-low"
    POWER_LOST = "power-lost"
    # At a job
    JOB_REFUSED = "job-refused"
    JOB_ABORTED = "job-aborted"
    JOB_HELD = "job-held"
    JOB_VANISHED = "job-vanished"
    NEVER_COMPLETED = "never-completed"
    FEWER_IMPRESSIONS = "fewer-impressions"
    # At a request
    GARBAGE_ANSWER = "garbage-answer"
    NO_ANSWER = "no-answer"


AT_SIDE = (
    FaultKind.PAPER_OUT,
    FaultKind.PAPER_JAMMED,
    FaultKind.DOOR_OPENED,
    FaultKind.TONER_OUT,
    FaultKind.TONER_LOW,
    FaultKind.POWER_LOST,
)
AT_JOB = (
    FaultKind.JOB_HELD,
    FaultKind.JOB_ABORTED,
    FaultKind.JOB_VANISHED,
    FaultKind.NEVER_COMPLETED,
    FaultKind.FEWER_IMPRESSIONS,
)
