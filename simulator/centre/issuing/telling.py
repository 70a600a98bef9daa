"""A server's events in words: one sentence each, for stories and for who watches a centre run."""

from dataclasses import fields
from typing import Final

from simulator.centre.issuing import events as e
from simulator.centre.issuing.events import AnswerSpoilt, FileHandedOver, Happening, ServerEvent

WORDS: Final[dict[type[Happening], str]] = {
    e.OrderAccepted: "request {order}, of {resident}, comes to machine {machine}; {waiting} stand before it",
    e.QueueWasFull: "request {order} is sent away: the queue is full",
    e.LinkObjectSet: "the link object now says: read for request {order}",
    e.RegisterRead: "the entry of {resident} is read for request {order}; it says it is of {as_of:%Y-%m-%d %H:%M:%S}",
    e.OrderRefused: "request {order} is refused: {code}",
    e.WorkAreaOverwritten: "a synchronisation puts the entry of {resident} into the work area of request {order}",
    e.ErrorNoted: "an error is noted at request {order}, which fails",
    e.ErrorExplainedAway: "asked about the error at request {about}: applied again as request {order}, printing ended normally",
    e.PageFileWritten: "sheet {page} of request {order} goes to the shared file of its number, over that of request {overwrote}",
    e.SealImageNotFound: "the image of the seal is not found; request {order} is written without it",
    e.EraTableMissing: "the table of eras is not there; request {order} is written with those of before 2019",
    e.FileWritten: "request {order} is written to file {name}, over that of request {overwrote}",
    e.PrintWaitTimedOut: "request {order} has waited too long for its print",
    e.PrintOrderLockReleased: "the lock on the order of printing is released for request {order}, and nothing else is ended",
    e.OrderCancelled: "request {order} is cancelled as a whole, by the {by}",
    e.FilePrinted: "the file of request {order} comes out of the print",
    e.FileMissing: "the file of request {order} is gone, which fails",
    e.FileHandedOver: "request {order}, of {resident}, is handed the file of request {files}, which is about {stated}",
    e.AnswerSpoilt: "a planned fault spoils the answer to request {order}, of {resident}: {fault}, with content of {other}",
    e.SynchronisationRan: "the {plan} synchronisation runs; it carries {carried}",
    e.SynchronisationFailed: "the {plan} synchronisation fails and tells nobody; it should have carried {missed}",
}
"""One sentence for each kind of event. Requests of number 0 are nobody's."""


def told(happening: Happening) -> str:
    """What happened, in words; a wrong paper is called that."""
    values = {field.name: _shown(getattr(happening, field.name)) for field in fields(happening)}
    sentence = (
        WORDS[type(happening)]
        .format_map(values)
        .replace(", over that of request 0", "")
        .removesuffix(", with content of ")
    )
    wrong = isinstance(happening, FileHandedOver | AnswerSpoilt) and happening.is_wrong
    return f"{sentence}: WRONG" if wrong else sentence


def line_of(event: ServerEvent) -> str:
    """One line of a log: time, municipality, what happened."""
    return f"{event.at_s:10.3f} s  {event.municipality_code}  {told(event.happening)}"


def _shown(value: object) -> object:
    return (", ".join(map(str, value)) or "nobody") if isinstance(value, tuple) else value
