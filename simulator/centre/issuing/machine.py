"""One machine of an issuing server: a queue, its workers, and what they do with a request until it goes to the print room."""

from collections import deque
from functools import partial
from typing import Literal

from pydantic import ValidationError

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.records import ResidenceRecord, Scope
from simulator.centre import pages
from simulator.centre.content import Content
from simulator.centre.faults import WrongPageOf
from simulator.centre.issuing.events import (
    EraTableMissing,
    ErrorNoted,
    LinkObjectSet,
    OrderAccepted,
    OrderCancelled,
    OrderRefused,
    PageFileWritten,
    QueueWasFull,
    RegisterRead,
    SealImageNotFound,
    WorkAreaOverwritten,
)
from simulator.centre.issuing.floor import Floor, SpoolFile, failed, may_go_on
from simulator.centre.issuing.jobs import End, Job, Reading, WorkArea
from simulator.centre.issuing.printing import PrintRoom
from simulator.centre.issuing.writing import Flaws
from terminal.centre.api import CentreFailed, Refused
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import BundleMode, RefusalCode

_FORM_REFUSALS = {
    FormErrorCode.TEXT_TOO_LONG.value: RefusalCode.TEXT_OVER_LIMIT,
    FormErrorCode.GLYPH_MISSING.value: RefusalCode.CHARACTER_PENDING,
}


class Machine:
    """``number`` counts from 1."""

    def __init__(self, number: int, floor: Floor) -> None:
        self.number = number
        self._floor = floor
        self._queue: deque[Job] = deque()
        self._free = floor.setup.workers
        self._writing: list[Job] = []
        self._link: Job | None = None
        self._pages: dict[int, Job] = {}
        self._room = PrintRoom(floor, self._finish)

    def take_in(self, job: Job, at_s: float) -> None:
        """A request comes."""
        if not self._free and len(self._queue) >= self._floor.setup.queue_limit:
            self._floor.tell(at_s, QueueWasFull(job.number))
            job.end = failed(CentreErrorCode.BUSY, "has too many requests waiting")
            return
        order = job.order
        request_id = "" if order.session is None else order.request_id
        waiting = len(self._queue)
        self._floor.tell(at_s, OrderAccepted(job.number, request_id, order.resident_key, self.number, waiting))
        job.accepted_s = at_s
        limit_s = at_s + self._floor.setup.answer_limit_s
        job.answer_limit = self._floor.agenda.at(limit_s, lambda then_s: self.cancel(job, then_s, "answer limit"))
        self._queue.append(job)
        self._dispatch(at_s)

    def cancel(self, job: Job, at_s: float, by: Literal["answer limit", "centre"]) -> None:
        """End the whole request, wherever it is."""
        if not may_go_on(job):
            return
        if job in self._queue:
            self._queue.remove(job)
        self._room.withdraw(job)
        self._floor.tell(at_s, OrderCancelled(job.number, by))
        code = CentreErrorCode.REQUEST_CANCELLED if by == "centre" else CentreErrorCode.BUSY
        self._finish(job, failed(code, "was told to drop the request"), at_s)

    def overwrite_work_areas(self, resident: str, at_s: float) -> None:
        """A synchronisation loads ``resident``'s entry into the area from which certificates are being written."""
        for job in self._writing:
            read = self._floor.replica.resident(resident, at_s)
            if read is not None and resident != job.order.resident_key:
                job.area = self._area(job, read)
                self._floor.tell(at_s, WorkAreaOverwritten(job.number, resident))

    def _dispatch(self, at_s: float) -> None:
        while self._free and self._queue:
            job = self._queue.popleft()
            job.working = True
            self._free -= 1
            if not self._floor.program.own_link_object:
                self._link = job
                self._floor.tell(at_s, LinkObjectSet(job.number))
            self._floor.agenda.at(at_s + self._floor.setup.read_s, partial(self._read, job))

    def _read(self, job: Job, at_s: float) -> None:
        if not may_go_on(job):
            return
        own = self._floor.read(job.order, at_s)
        refusal = Refused(RefusalCode.CERTIFICATE_UNKNOWN) if own is None else self._refusal(job, own, at_s)
        if own is None or refusal is not None:
            self._refuse(job, refusal, at_s)
            return
        job.read_of = own.applicant
        job.area = self._area(job, self._what_is_read(job, own, at_s))
        self._floor.tell(at_s, RegisterRead(job.number, job.area.resident, job.area.reading.as_of))
        job.persons = _persons(job, own)
        self._writing.append(job)
        setup = self._floor.setup
        takes_s = setup.render_s + setup.per_person_s * (job.persons - 1)
        if not self._floor.program.own_page_files:
            self._plan_pages(job, at_s, takes_s)
        self._floor.agenda.at(at_s + takes_s, partial(self._write, job))

    def _refusal(self, job: Job, own: Reading, at_s: float) -> Refused | None:
        session = job.order.session
        if session is None:
            return None
        return self._floor.entitled(session, job.order.choice, own.applicant, self._floor.replica.moment(at_s))

    def _what_is_read(self, job: Job, own: Reading, at_s: float) -> Reading:
        """The applicant's entry; or what a failed request left, or whom the shared link object names."""
        left = self._floor.left_areas.pop(own.applicant.person.key, None)
        if left is not None:
            area, job.resumed_from = left
            return area.reading
        if self._link is job or self._link is None:
            return own
        return self._floor.read(self._link.order, at_s) or own

    def _area(self, job: Job, reading: Reading) -> WorkArea:
        return WorkArea(reading, self._floor.writer.member_ids(job.order, reading.applicant))

    def _plan_pages(self, job: Job, at_s: float, takes_s: float) -> None:
        """Sheets are written one after the other; every sheet but the first to the temporary file of its number."""
        content = self._content_of(job, at_s)
        count = 1 if isinstance(content, CentreFailed | Refused) else _sheets(content)
        for page in range(2, count + 1):
            written_s = at_s + takes_s * page / count
            self._floor.agenda.at(written_s, partial(self._write_page, job, page))

    def _write_page(self, job: Job, page: int, at_s: float) -> None:
        if may_go_on(job):
            over = self._pages.get(page)
            self._floor.tell(at_s, PageFileWritten(job.number, page, 0 if over is None else over.number))
            self._pages[page] = job

    def _write(self, job: Job, at_s: float) -> None:
        if not may_go_on(job):
            return
        self._writing.remove(job)
        if self._floor.program.notes_overwritten_area and self._is_overwritten(job):
            self._floor.tell(at_s, ErrorNoted(job.number))
            self._finish(job, failed(CentreErrorCode.INTERNAL, "noted an error"), at_s)
            return
        content = self._content_of(job, at_s)
        if isinstance(content, CentreFailed | Refused):
            self._refuse(job, content, at_s)
        else:
            self._room.take(job, self._joined(job, content, at_s), at_s)

    def _is_overwritten(self, job: Job) -> bool:
        """Whether somebody else's entry lies in the area, for the first time; it stays there for the applicant's next request."""
        if job.area is None or job.read_of is None or job.resumed_from:
            return False
        applicant = job.read_of.person.key
        if job.area.resident == applicant:
            return False
        self._floor.left_areas[applicant] = (job.area, job.number)
        return True

    def _content_of(self, job: Job, at_s: float) -> Content | Refused | CentreFailed:
        """What is written for a request, once."""
        if job.content is None and job.area is not None:
            try:
                moment = self._floor.replica.moment(at_s)
                job.content = self._floor.writer.write(job.order, job.area, moment, self._flaws(job, at_s))
            except FormError as error:
                return undrawable(error)
            except (LookupError, ValidationError):
                pass
        return job.content or failed(CentreErrorCode.INTERNAL, "has not what the certificate would state")

    def _flaws(self, job: Job, at_s: float) -> Flaws:
        program = self._floor.program
        updated = program.update_at is None or self._floor.replica.moment(at_s) >= program.update_at
        flaws = Flaws(program.update_without_seal and updated, self.number in program.without_era_table)
        if flaws.seal_image_missing:
            self._floor.tell(at_s, SealImageNotFound(job.number))
        if flaws.old_eras:
            self._floor.tell(at_s, EraTableMissing(job.number))
        return flaws

    def _joined(self, job: Job, content: Content, at_s: float) -> SpoolFile:
        """The sheets joined to one file: each from its temporary file."""
        area, applicant = job.area, job.read_of
        if area is None or applicant is None:
            raise RuntimeError("a certificate was written that nobody asked for")
        orders, residents = [job.number], [area.resident]
        for page in range(2, _sheets(content) + 1) if not self._floor.program.own_page_files else ():
            other = self._pages.get(page, job)
            foreign = job if other is job else self._content_of(other, at_s)
            if not isinstance(foreign, Content) or foreign.mode is not content.mode or other.area is None:
                continue
            content = self._floor.writer.spoilt(content, WrongPageOf(page), foreign, applicant)
            orders.append(other.number)
            residents.append(other.area.resident)
        return SpoolFile(content, tuple(dict.fromkeys(orders)), tuple(dict.fromkeys(residents)))

    def _refuse(self, job: Job, end: Refused | CentreFailed | None, at_s: float) -> None:
        if end is not None:
            self._floor.tell(at_s, OrderRefused(job.number, end.code.value))
            self._finish(job, end, at_s)

    def _finish(self, job: Job, end: End, at_s: float) -> None:
        job.end = end
        self._floor.agenda.drop(job.answer_limit)
        if job in self._writing:
            self._writing.remove(job)
        if job.working:
            job.working = False
            self._free += 1
            self._dispatch(at_s)


def _persons(job: Job, own: Reading) -> int:
    match job.order.choice.scope:
        case Scope.SELF:
            return 1
        case Scope.HOUSEHOLD:
            return len(own.applicant.household)
        case Scope.MEMBERS:
            return len(job.order.choice.members)


def _sheets(content: Content) -> int:
    """How many sheets one copy has; a record has none yet, and counts its persons."""
    if content.mode is BundleMode.DOCUMENT:
        return pages.count(content.documents[0])
    return len(content.record.persons) if isinstance(content.record, ResidenceRecord) else 1


def undrawable(error: FormError) -> Refused | CentreFailed:
    """A municipality that cannot draw its document says why: the form is too small, or the font lacks a character."""
    refusal = _FORM_REFUSALS.get(error.code)
    if refusal is not None:
        return Refused(refusal)
    return failed(CentreErrorCode.INTERNAL, f"could not draw the document ({error.code})")
