"""Whoever steps back and asks anew has a new request, and nothing that came for the old one can be opened or printed."""

from printer_templates.records import CertificateKind, Scope
from simulator.centre.inprocess import InProcessCentre
from terminal.centre.messages import SessionOpened
from terminal.centre.sealing import OpenedBundle
from terminal.commands.centre import CentreCommands
from terminal.devices.printer.api import PrintDocument
from terminal.fsm.effects import RequestIssuance
from terminal.fsm.values import Choice
from terminal.person import Person

CHOICE = Choice(CertificateKind.SEAL_CERTIFICATE.value, Scope.SELF.value, (), (), 1, 200)


def test_a_new_request_forgets_what_came_for_the_old_one() -> None:
    person = Person(session=SessionOpened.model_construct(members=()))
    commands = CentreCommands(InProcessCentre.__new__(InProcessCentre), "SPECIMEN-1", person)
    first = commands.prepare_issuance(RequestIssuance(1, CHOICE))
    commands.sealed_bundle = "sealed for the first request"
    person.bundle = OpenedBundle.__new__(OpenedBundle)
    person.document = PrintDocument(b"%PDF-", 2, "job")
    second = commands.prepare_issuance(RequestIssuance(1, CHOICE))
    assert first != second
    assert person.request_id == second
    left = [one for one in (commands.sealed_bundle, person.bundle, person.document) if one is not None]
    assert left == []
