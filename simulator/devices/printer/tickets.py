"""Reads what a job request asks for, and says what the printer does not support. Source: RFC 8011 section 4.1.7."""

from dataclasses import dataclass

from simulator.devices.printer.jobs import Ticket
from simulator.devices.printer.traits import Traits
from terminal.devices.printer.ipp import Attribute, Group, GroupTag, Message
from terminal.devices.printer.ipp_names import PDF, Status

_TAKEN_AS_THEY_ARE = frozenset(
    {"finishings", "orientation-requested", "output-bin", "print-quality", "printer-resolution"}
)
_MOST_COPIES = 99


@dataclass(frozen=True, slots=True)
class Reading:
    """A ticket with what was left out of it; ``refused`` is the status when the job cannot be taken at all."""

    ticket: Ticket
    unsupported: tuple[Attribute, ...]
    refused: Status | None


def read_ticket(traits: Traits, message: Message) -> Reading:
    """Read the operation and job attributes of a job request."""
    operation = message.group(GroupTag.OPERATION)
    job = next(message.of(GroupTag.JOB), Group(GroupTag.JOB, ()))
    unsupported = tuple(item for item in job.attributes if not _supported(traits, job, item.name))
    dropped = {item.name for item in unsupported}
    ticket = Ticket(
        user=operation.string("requesting-user-name") or "anonymous",
        name=operation.string("job-name") or "untitled",
        copies=1 if "copies" in dropped else job.whole_number("copies") or 1,
        sides=traits.sides[0] if "sides" in dropped else job.string("sides") or traits.sides[0],
        media=traits.media[0] if "media" in dropped else job.string("media") or traits.media[0],
        hold=(job.string("job-hold-until") or "no-hold") != "no-hold",
    )
    return Reading(*_with_verdict(traits, operation, ticket, unsupported))


def _with_verdict(
    traits: Traits, operation: Group, ticket: Ticket, unsupported: tuple[Attribute, ...]
) -> tuple[Ticket, tuple[Attribute, ...], Status | None]:
    if (operation.string("document-format") or PDF) not in traits.formats:
        return ticket, _named(operation, "document-format"), Status.DOCUMENT_FORMAT_NOT_SUPPORTED
    if (operation.string("compression") or "none") != "none":
        return ticket, _named(operation, "compression"), Status.COMPRESSION_NOT_SUPPORTED
    if unsupported and operation.boolean("ipp-attribute-fidelity"):
        return ticket, unsupported, Status.ATTRIBUTES_NOT_SUPPORTED
    return ticket, unsupported, None


def _supported(traits: Traits, job: Group, name: str) -> bool:
    match name:
        case "copies":
            return 1 <= (job.whole_number(name) or 0) <= _MOST_COPIES
        case "sides":
            return job.string(name) in traits.sides
        case "media":
            return job.string(name) in traits.media
        case "job-hold-until":
            return job.string(name) in ("no-hold", "indefinite")
        case _:
            return name in _TAKEN_AS_THEY_ARE


def _named(group: Group, name: str) -> tuple[Attribute, ...]:
    found = group.find(name)
    return () if found is None else (found,)
