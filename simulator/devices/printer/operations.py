"""The printer's side of IPP: a request's bytes in, an answer's bytes out, on a ``PrinterModel``. Source: RFC 8011 section 4."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.devices.printer.attributes import job_attributes, job_status, printer_attributes, requested
from simulator.devices.printer.jobs import Job, RefusedError, Ticket
from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.tickets import read_ticket
from terminal.devices.printer.ipp import Attribute, Group, GroupTag, IppError, Message, Tag, attribute
from terminal.devices.printer.ipp_codec import decode, encode
from terminal.devices.printer.ipp_names import Operation, Status

_HEAD = (("attributes-charset", Tag.CHARSET), ("attributes-natural-language", Tag.NATURAL_LANGUAGE))
_DEFAULT_JOB_LIST = ("job-id", "job-uri")
_SUPPORTED_MAJORS = (1, 2)


def answer(model: PrinterModel, uri: str, body: bytes) -> bytes:
    """Answer one request to the printer at ``uri``; whatever the bytes are, the answer is an IPP message."""
    try:
        request = decode(body)
    except IppError:
        request_id = max(1, int.from_bytes(body[4:8], "big", signed=True)) if len(body) >= 8 else 1
        return encode(Message(Status.BAD_REQUEST, request_id, (_operation_group(),)))
    try:
        code, groups = _serve(_Request(model, uri, request))
    except RefusedError as error:
        code, groups = error.status, ()
    except IppError:
        code, groups = Status.BAD_REQUEST, ()
    version = request.version if request.version[0] in _SUPPORTED_MAJORS else (2, 0)
    return encode(Message(code, request.request_id, (_operation_group(), *groups), version))


_Answer = tuple[Status, tuple[Group, ...]]


@dataclass(frozen=True, slots=True)
class _Request:
    model: PrinterModel
    uri: str
    message: Message

    @property
    def operation(self) -> Group:
        return self.message.group(GroupTag.OPERATION)

    @property
    def user(self) -> str:
        return self.operation.string("requesting-user-name") or "anonymous"

    def job_id(self) -> int:
        number = self.operation.whole_number("job-id")
        if number is not None:
            return number
        tail = (self.operation.string("job-uri") or "").rpartition("/")[2]
        if not tail.isascii() or not tail.isdecimal():
            raise RefusedError(Status.BAD_REQUEST, "expected job-id or job-uri")
        return int(tail)


def _serve(request: _Request) -> _Answer:
    _check_head(request)
    try:
        operation = Operation(request.message.code)
        handler = _HANDLERS[operation]
    except (ValueError, KeyError):
        raise RefusedError(Status.OPERATION_NOT_SUPPORTED, "no such operation") from None
    if operation not in request.model.traits.operations:
        raise RefusedError(Status.OPERATION_NOT_SUPPORTED, "this printer does not offer the operation")
    return handler(request)


def _check_head(request: _Request) -> None:
    message = request.message
    if message.version[0] not in _SUPPORTED_MAJORS:
        raise RefusedError(Status.VERSION_NOT_SUPPORTED, "expected IPP 1.x or 2.x")
    first = message.groups[0] if message.groups else None
    if message.request_id < 1 or first is None or first.tag is not GroupTag.OPERATION:
        raise RefusedError(Status.BAD_REQUEST, "expected a request-id from 1 and operation attributes first")
    head = tuple((item.name, item.values[0].tag) for item in first.attributes[:2])
    if head != _HEAD:
        raise RefusedError(Status.BAD_REQUEST, "expected attributes-charset and attributes-natural-language first")
    if (first.string("attributes-charset") or "").lower() not in ("utf-8", "us-ascii"):
        raise RefusedError(Status.CHARSET_NOT_SUPPORTED, "expected utf-8")
    if first.find("printer-uri") is None and first.find("job-uri") is None:
        raise RefusedError(Status.BAD_REQUEST, "expected printer-uri or job-uri")


def _get_printer_attributes(request: _Request) -> _Answer:
    everything = printer_attributes(request.model, request.uri)
    wanted = requested(everything, request.operation.strings("requested-attributes"))
    return Status.OK, (Group(GroupTag.PRINTER, wanted),)


def _validate_job(request: _Request) -> _Answer:
    return _ticketed(request, lambda ticket: None)


def _create_job(request: _Request) -> _Answer:
    return _ticketed(request, request.model.create_job)


def _print_job(request: _Request) -> _Answer:
    if not request.message.document:
        raise RefusedError(Status.BAD_REQUEST, "expected a document")

    def take(ticket: Ticket) -> Job:
        job = request.model.create_job(ticket)
        return request.model.add_document(job.job_id, request.message.document)

    return _ticketed(request, take)


def _ticketed(request: _Request, act: Callable[[Ticket], Job | None]) -> _Answer:
    reading = read_ticket(request.model.traits, request.message)
    unsupported = (Group(GroupTag.UNSUPPORTED, reading.unsupported),) if reading.unsupported else ()
    if reading.refused is not None:
        return reading.refused, unsupported
    job = act(reading.ticket)
    made = () if job is None else (Group(GroupTag.JOB, job_status(job, request.uri)),)
    return (Status.OK_IGNORED_ATTRIBUTES if unsupported else Status.OK), (*unsupported, *made)


def _send_document(request: _Request) -> _Answer:
    if request.operation.boolean("last-document") is not True:
        raise RefusedError(Status.BAD_REQUEST, "expected last-document true: one document a job")
    reading = read_ticket(request.model.traits, request.message)
    if reading.refused is not None:
        return reading.refused, (Group(GroupTag.UNSUPPORTED, reading.unsupported),)
    if not request.message.document:
        raise RefusedError(Status.BAD_REQUEST, "expected a document")
    job = request.model.add_document(request.job_id(), request.message.document)
    return Status.OK, (Group(GroupTag.JOB, job_status(job, request.uri)),)


def _cancel_job(request: _Request) -> _Answer:
    request.model.cancel_job(request.job_id())
    return Status.OK, ()


def _hold_job(request: _Request) -> _Answer:
    request.model.hold_job(request.job_id())
    return Status.OK, ()


def _release_job(request: _Request) -> _Answer:
    request.model.release_job(request.job_id())
    return Status.OK, ()


def _close_job(request: _Request) -> _Answer:
    request.model.job(request.job_id())
    return Status.OK, ()


def _get_job_attributes(request: _Request) -> _Answer:
    job = request.model.job(request.job_id())
    everything = job_attributes(request.model, job, request.uri)
    return Status.OK, (Group(GroupTag.JOB, requested(everything, request.operation.strings("requested-attributes"))),)


def _get_jobs(request: _Request) -> _Answer:
    operation = request.operation
    which = operation.string("which-jobs") or "not-completed"
    if which not in ("completed", "not-completed"):
        unsupported = (attribute("which-jobs", Tag.KEYWORD, which),)
        return Status.ATTRIBUTES_NOT_SUPPORTED, (Group(GroupTag.UNSUPPORTED, unsupported),)
    user = request.user if operation.boolean("my-jobs") else None
    found = request.model.jobs(ended=which == "completed", user=user)[: operation.whole_number("limit")]
    names = operation.strings("requested-attributes") or _DEFAULT_JOB_LIST
    return Status.OK, tuple(Group(GroupTag.JOB, _listed(request, job, names)) for job in found)


def _listed(request: _Request, job: Job, names: tuple[str, ...]) -> tuple[Attribute, ...]:
    return requested(job_attributes(request.model, job, request.uri), names)


def _purge_jobs(request: _Request) -> _Answer:
    request.model.purge()
    return Status.OK, ()


def _cancel_my_jobs(request: _Request) -> _Answer:
    request.model.cancel_jobs(request.user)
    return Status.OK, ()


def _pause_printer(request: _Request) -> _Answer:
    with request.model.panel() as engine:
        engine.paused = True
    return Status.OK, ()


def _resume_printer(request: _Request) -> _Answer:
    with request.model.panel() as engine:
        engine.paused = False
    return Status.OK, ()


_HANDLERS: dict[Operation, Callable[[_Request], _Answer]] = {
    Operation.PRINT_JOB: _print_job,
    Operation.VALIDATE_JOB: _validate_job,
    Operation.CREATE_JOB: _create_job,
    Operation.SEND_DOCUMENT: _send_document,
    Operation.CANCEL_JOB: _cancel_job,
    Operation.GET_JOB_ATTRIBUTES: _get_job_attributes,
    Operation.GET_JOBS: _get_jobs,
    Operation.GET_PRINTER_ATTRIBUTES: _get_printer_attributes,
    Operation.HOLD_JOB: _hold_job,
    Operation.RELEASE_JOB: _release_job,
    Operation.PAUSE_PRINTER: _pause_printer,
    Operation.RESUME_PRINTER: _resume_printer,
    Operation.PURGE_JOBS: _purge_jobs,
    Operation.CANCEL_MY_JOBS: _cancel_my_jobs,
    Operation.CLOSE_JOB: _close_job,
}


def _operation_group() -> Group:
    return Group(
        GroupTag.OPERATION,
        (
            attribute("attributes-charset", Tag.CHARSET, "utf-8"),
            attribute("attributes-natural-language", Tag.NATURAL_LANGUAGE, "en"),
        ),
    )
