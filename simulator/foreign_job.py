"""A job from elsewhere on a terminal's printer: somebody's seal certificate, sent by another machine that shares the printer."""

from functools import partial
from typing import Final

from printer_templates.certificate import SheetIdentity, draw_certificate
from printer_templates.records import CertificateKind, Scope
from simulator.centre.assembly import AssembledCentre
from simulator.centre.changes import Moment
from simulator.centre.facts import CardState, Registration
from simulator.centre.records import Asked, record_of
from simulator.devices.printer.jobs import Ticket
from simulator.devices.printer.model import PrinterModel
from simulator.seen_terminal import SeenTerminal
from simulator.world import World
from terminal.centre.messages import Choice

ELSEWHERE: Final = "SPECIMEN-COUNTER"
"""Whose job it is, to the printer: not the terminal's."""
_NUMBER: Final = "SPECIMEN-COUNTER-1"
_LOOK_S: Final = 1.0
_WATCHED_S: Final = 600.0
"""A job that stands longer is left to whoever looks next."""
_REQUEST: Final = "0" * 32
"""The counter asked nobody: its papers have no request at the centre."""


def send_foreign_job(world: World, centre: AssembledCentre, terminal: SeenTerminal, resident: str) -> None:
    """Print ``resident``'s seal certificate on ``terminal``'s printer; raise ``KeyError`` when there is no such resident."""
    applicant = centre.registers.resident(Registration(resident, CardState.VALID), Moment(world.clock.now_s()))
    if applicant is None:
        raise KeyError(f"nobody {resident!r} in the registers")
    choice = Choice(kind=CertificateKind.SEAL_CERTIFICATE, scope=Scope.SELF, items=frozenset(), copies=1)
    record = record_of(Asked(applicant, choice, {}, world.clock.wall().date()))
    identity = SheetIdentity(_NUMBER, _REQUEST, centre.pki.scramble_key(_NUMBER))
    signer = centre.pki.municipal_sheet_key(record.issuer.municipality_code)
    drawn = draw_certificate(record, [identity], signer, specimen=True)
    job = terminal.printer.create_job(Ticket(ELSEWHERE, ELSEWHERE))
    terminal.printer.add_document(job.job_id, drawn.pdf)
    world.scheduler.spawn(partial(_watch, world, terminal.printer, job.job_id))


def _watch(world: World, printer: PrinterModel, job_id: int) -> None:
    """Look until the job has ended: a model goes on when it is looked at, and sheets must not come with the next customer."""
    until_s = world.clock.now_s() + _WATCHED_S
    while world.clock.now_s() < until_s and any(job.job_id == job_id for job in printer.jobs(ended=False)):
        world.scheduler.wait(_LOOK_S)
