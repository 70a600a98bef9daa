"""A job from elsewhere on a terminal's printer: somebody's seal certificate, sent by another machine that shares the printer."""

from datetime import date
from typing import Final

from printer_templates.certificate import SheetIdentity, draw_certificate
from printer_templates.records import CertificateKind, Scope
from simulator.centre.assembly import AssembledCentre
from simulator.centre.records import Asked, record_of
from simulator.devices.printer.jobs import Ticket
from simulator.seen_terminal import SeenTerminal
from terminal.centre.messages import Choice

ELSEWHERE: Final = "SPECIMEN-COUNTER"
"""Whose job it is, to the printer: not the terminal's."""
_ID: Final = "0" * 22


def send_foreign_job(centre: AssembledCentre, terminal: SeenTerminal, resident: str, today: date) -> None:
    """Print ``resident``'s seal certificate on ``terminal``'s printer."""
    applicant = centre.registers.applicant(resident)
    choice = Choice(kind=CertificateKind.SEAL_CERTIFICATE, scope=Scope.SELF, items=frozenset(), copies=1)
    record = record_of(Asked(applicant, choice, {resident: _ID}, today))
    key = centre.pki.scramble_key(ELSEWHERE)
    signer = centre.pki.municipal_sheet_key(record.issuer.municipality_code)
    drawn = draw_certificate(record, [SheetIdentity("SPECIMEN-COUNTER-1", _ID, key)], signer, specimen=True)
    job = terminal.printer.create_job(Ticket(ELSEWHERE, ELSEWHERE))
    terminal.printer.add_document(job.job_id, drawn.pdf)
