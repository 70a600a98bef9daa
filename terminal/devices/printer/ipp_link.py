"""The printer's link over IPP: which operation with which attributes, and how an answer reads. See docs/protocols/ipp.md."""

import re
from itertools import count

from terminal.devices.printer.api import PrintDocument, PrinterCode
from terminal.devices.printer.ipp import Attribute, Group, GroupTag, IppError, Message, Tag, attribute
from terminal.devices.printer.ipp_names import A4, LONG_EDGE, PDF, USER, JobState, Operation, PrinterState, Status
from terminal.devices.printer.link import PrinterError
from terminal.devices.printer.reports import Capabilities, JobEntry, JobReport, PrinterReport
from terminal.devices.printer.transport import IppTransport

_PRINTER_ATTRIBUTES = (
    "printer-name",
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "sides-supported",
    "media-supported",
    "media-ready",
    "printer-input-tray",
    "operations-supported",
)
_JOB_ATTRIBUTES = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "job-media-sheets-completed",
)
_LIST_ATTRIBUTES = ("job-id", "job-state", "job-originating-user-name")
_A4_HUNDREDTHS_MM = {"29700", "21000"}
_FIRST_ERROR = 0x0100
_LAST_REQUEST_ID = (1 << 31) - 1
_GONE = frozenset({Status.NOT_FOUND, Status.GONE})
_TRANSIENT = frozenset({Status.SERVICE_UNAVAILABLE, Status.BUSY, Status.INTERNAL_ERROR})


class IppLink:
    """Speaks for ``honnin`` to one printer. ``send_s`` bounds the answer to the document, which slow printers delay."""

    def __init__(self, transport: IppTransport, *, send_s: float) -> None:
        self._transport = transport
        self._send_s = send_s
        self._request_ids = count(1)
        self._operations: frozenset[int] = frozenset()

    def printer(self) -> PrinterReport:
        """Get-Printer-Attributes."""
        wanted = attribute("requested-attributes", Tag.KEYWORD, *_PRINTER_ATTRIBUTES)
        report = _printer_report(self._ask(Operation.GET_PRINTER_ATTRIBUTES, wanted).group(GroupTag.PRINTER))
        self._operations = report.capabilities.operations
        return report

    def prepare(self, document: PrintDocument) -> int | None:
        """Validate-Job, then Create-Job where it and Send-Document are offered: the id is known before the first byte leaves."""
        self._ask(Operation.VALIDATE_JOB, *_naming(document), _FORMAT, template=_TEMPLATE)
        if not {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= self._operations:
            return None
        return _job_id(self._ask(Operation.CREATE_JOB, *_naming(document), template=_TEMPLATE))

    def send(self, document: PrintDocument, job_id: int | None) -> int:
        """Send-Document to the job opened before, else Print-Job."""
        if job_id is None:
            answer = self._ask(
                Operation.PRINT_JOB,
                *_naming(document),
                _FORMAT,
                template=_TEMPLATE,
                document=document.pdf,
                answer_s=self._send_s,
            )
            return _job_id(answer)
        last = attribute("last-document", Tag.BOOLEAN, True)
        target = attribute("job-id", Tag.INTEGER, job_id)
        self._ask(Operation.SEND_DOCUMENT, target, _FORMAT, last, document=document.pdf, answer_s=self._send_s)
        return job_id

    def job(self, job_id: int) -> JobReport:
        """Get-Job-Attributes."""
        target = attribute("job-id", Tag.INTEGER, job_id)
        wanted = attribute("requested-attributes", Tag.KEYWORD, *_JOB_ATTRIBUTES)
        report = _job_report(self._ask(Operation.GET_JOB_ATTRIBUTES, target, wanted).group(GroupTag.JOB))
        if report.job_id != job_id:
            raise IppError(f"expected an answer about job {job_id}, got one about job {report.job_id}")
        return report

    def cancel(self, job_id: int) -> None:
        """Cancel-Job; ``not-possible`` is the answer about a job that has ended (RFC 8011 section 4.3.3)."""
        answer = self._exchange(Operation.CANCEL_JOB, (attribute("job-id", Tag.INTEGER, job_id),))
        if answer.code != Status.NOT_POSSIBLE and answer.code not in _GONE:
            _refuse_errors(Operation.CANCEL_JOB, answer)

    def jobs(self) -> tuple[JobEntry, ...]:
        """Get-Jobs, twice: not-completed and completed, both of ours only."""
        return (*self._jobs("not-completed"), *self._jobs("completed"))

    def purge(self) -> None:
        """Cancel-My-Jobs and Purge-Jobs (which takes the history along), each where it is offered."""
        operations = self.printer().capabilities.operations
        if Operation.CANCEL_MY_JOBS in operations:
            self._exchange(Operation.CANCEL_MY_JOBS, ())
        if Operation.PURGE_JOBS in operations:
            self._ask(Operation.PURGE_JOBS)

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def _jobs(self, which: str) -> tuple[JobEntry, ...]:
        answer = self._ask(
            Operation.GET_JOBS,
            attribute("requested-attributes", Tag.KEYWORD, *_LIST_ATTRIBUTES),
            attribute("which-jobs", Tag.KEYWORD, which),
            attribute("my-jobs", Tag.BOOLEAN, True),
        )
        # A printer that ignores my-jobs also lists the jobs of others; those that name no user count as ours.
        ours = (group for group in answer.of(GroupTag.JOB) if group.string("job-originating-user-name") in (None, USER))
        return tuple(JobEntry(_required(group, "job-id"), _job_state(group)) for group in ours)

    def _ask(
        self,
        operation: Operation,
        *attributes: Attribute,
        template: Group | None = None,
        document: bytes = b"",
        answer_s: float | None = None,
    ) -> Message:
        answer = self._exchange(operation, attributes, template, document, answer_s)
        _refuse_errors(operation, answer)
        return answer

    def _exchange(
        self,
        operation: Operation,
        attributes: tuple[Attribute, ...],
        template: Group | None = None,
        document: bytes = b"",
        answer_s: float | None = None,
    ) -> Message:
        # RFC 8011 section 4.1.4: charset and language first, then the target, in this order.
        head = (
            attribute("attributes-charset", Tag.CHARSET, "utf-8"),
            attribute("attributes-natural-language", Tag.NATURAL_LANGUAGE, "en"),
            attribute("printer-uri", Tag.URI, self._transport.uri),
        )
        targets = tuple(item for item in attributes if item.name == "job-id")
        user = (attribute("requesting-user-name", Tag.NAME, USER),)
        rest = tuple(item for item in attributes if item.name != "job-id")
        groups = (
            Group(GroupTag.OPERATION, (*head, *targets, *user, *rest)),
            *(() if template is None else (template,)),
        )
        request_id = next(self._request_ids) % _LAST_REQUEST_ID or 1
        return self._transport.exchange(Message(operation, request_id, groups, document=document), answer_s)


_FORMAT = attribute("document-format", Tag.MIME_MEDIA_TYPE, PDF)
_TEMPLATE = Group(
    GroupTag.JOB,
    (
        attribute("copies", Tag.INTEGER, 1),
        attribute("sides", Tag.KEYWORD, LONG_EDGE),
        attribute("media", Tag.KEYWORD, A4),
    ),
)


def _naming(document: PrintDocument) -> tuple[Attribute, ...]:
    # Fidelity: a printer that would drop two-sided or A4 has to refuse instead (RFC 8011 section 4.1.7).
    return (
        attribute("job-name", Tag.NAME, document.job_name),
        attribute("ipp-attribute-fidelity", Tag.BOOLEAN, True),
    )


def _refuse_errors(operation: Operation, answer: Message) -> None:
    if answer.code < _FIRST_ERROR:
        return
    if answer.code in _GONE and operation is Operation.GET_JOB_ATTRIBUTES:
        raise PrinterError(PrinterCode.JOB_LOST, "the printer no longer knows the job")
    code = PrinterCode.UNREACHABLE if answer.code in _TRANSIENT else PrinterCode.REFUSED
    raise PrinterError(code, f"expected success of {operation.name}, got IPP status 0x{answer.code:04X}")


def _job_id(answer: Message) -> int:
    return _required(answer.group(GroupTag.JOB), "job-id")


def _required(group: Group, name: str) -> int:
    number = group.whole_number(name)
    if number is None:
        raise IppError(f"expected {name} in the answer, it has none")
    return number


def _job_state(group: Group) -> JobState:
    number = _required(group, "job-state")
    try:
        return JobState(number)
    except ValueError:
        raise IppError(f"expected a job-state of RFC 8011 (3 to 9), got {number}") from None


def _job_report(group: Group) -> JobReport:
    name = group.string("job-name")
    if name is None:
        raise IppError("expected job-name in the answer, it has none")
    return JobReport(
        job_id=_required(group, "job-id"),
        name=name,
        state=_job_state(group),
        reasons=group.strings("job-state-reasons"),
        impressions_completed=group.whole_number("job-impressions-completed"),
        sheets_completed=group.whole_number("job-media-sheets-completed"),
    )


def _printer_state(group: Group) -> PrinterState:
    number = _required(group, "printer-state")
    try:
        return PrinterState(number)
    except ValueError:
        raise IppError(f"expected a printer-state of RFC 8011 (3 to 5), got {number}") from None


def _printer_report(group: Group) -> PrinterReport:
    ready = None if group.find("media-ready") is None else frozenset(group.strings("media-ready"))
    capabilities = Capabilities(
        formats=frozenset(group.strings("document-format-supported")),
        sides=frozenset(group.strings("sides-supported")),
        media=frozenset(group.strings("media-supported")),
        media_ready=ready,
        operations=frozenset(group.whole_numbers("operations-supported")),
    )
    return PrinterReport(
        name=group.string("printer-name") or "",
        state=_printer_state(group),
        reasons=tuple(reason for reason in group.strings("printer-state-reasons") if reason != "none"),
        accepting=group.boolean("printer-is-accepting-jobs") is not False,
        capabilities=capabilities,
        a4_levels=tuple(level for tray in group.octets("printer-input-tray") if (level := _a4_level(tray)) is not None),
    )


def _a4_level(tray: bytes) -> int | None:
    """Return the level of a tray that holds A4, from ``printer-input-tray`` (PWG 5100.13: ``key=value;`` pairs in US-ASCII)."""
    pairs = (pair.partition("=") for pair in tray.decode("ascii", "replace").split(";"))
    told = {key.strip(): value.strip() for key, _, value in pairs}
    if {told.get("mediafeed"), told.get("mediaxfeed")} != _A4_HUNDREDTHS_MM:
        return None
    level = told.get("level", "")
    return int(level) if re.fullmatch(r"-?[0-9]{1,9}", level) else None
