"""The borders between the parts of a certificate: which callable's time counts as which part."""

from typing import Final

from simulator.bench.meter import Probe
from simulator.bench.shop import InlineReporter
from simulator.centre.inprocess import InProcessCentre
from simulator.devices.card_reader.inprocess import InProcessConnection
from simulator.devices.payment.model import SimulatedPayment
from terminal.commands import centre, sheets
from terminal.commands.card import CardCommands
from terminal.fsm.machine import Machine
from terminal.noting import CustomerNotes
from terminal.presenting.present import Presenter

DRAW: Final = "draw"
READ_BACK: Final = "read back (gate C)"
SUBJECT: Final = "gates A and B"
CRYPTO: Final = "crypto: session key, open and verify the bundle"
CARD: Final = "card: APDUs, certificate checks"
MACHINE: Final = "machine"
SCREEN: Final = "screen texts"
JOURNAL: Final = "journal"
REST: Final = "rest"
SIM_CARD: Final = "simulated card (RSA signature of 2048 bits in it)"
SIM_CENTRE: Final = "simulated centre (registers, signing, sealing)"
SIM_PAYMENT: Final = "simulated payment (its till file)"

OURS: Final = (DRAW, READ_BACK, SUBJECT, CRYPTO, CARD, MACHINE, SCREEN, JOURNAL, REST)
SIMULATED: Final = (SIM_CARD, SIM_CENTRE, SIM_PAYMENT)
PARTS: Final = (*OURS, *SIMULATED)


def probes() -> tuple[Probe, ...]:
    """Every border."""
    return (
        Probe(sheets, "draw_certificate", DRAW),
        Probe(sheets, "check_sheets", READ_BACK),
        Probe(sheets, "check_bundle", SUBJECT),
        Probe(sheets, "check_subject", SUBJECT),
        Probe(sheets, "open_bundle", CRYPTO),
        Probe(centre, "SessionKey", CRYPTO),
        *(Probe(CardCommands, name, CARD) for name in ("read", "verify_pin", "read_subject", "sign", "release")),
        Probe(Machine, "handle", MACHINE),
        *(Probe(Presenter, name, SCREEN) for name in ("view_of", "view_again", "interpret")),
        *(Probe(InlineReporter, name, JOURNAL) for name in ("entry", "report")),
        *(Probe(CustomerNotes, name, JOURNAL) for name in ("entry", "write", "gate")),
        Probe(InProcessConnection, "transmit", SIM_CARD),
        *(Probe(InProcessCentre, name, SIM_CENTRE) for name in ("challenge", "open_session", "issue")),
        Probe(SimulatedPayment, "collect", SIM_PAYMENT),
    )
