"""The borders between the layers of a fleet's run: which callable's CPU time counts as which part."""

from typing import Final

from simulator import inline_supervisor, run
from simulator.bench.meter import Probe
from simulator.centre import bundles, content
from simulator.centre.admission import CardVerifier
from simulator.centre.inprocess import InProcessCentre
from simulator.centre.pki import SheetKey
from simulator.devices.card_reader import signing
from simulator.devices.card_reader.inprocess import InProcessConnection
from simulator.devices.payment.unhurried import UnhurriedPayment
from simulator.devices.printer.inprocess import ModelLink
from simulator.devices.serial_device import LoopLine
from simulator.fleet import cards, district, shards, visitors
from simulator.fleet.cards import CardMaker
from simulator.fleet.parquet import Part
from simulator.scheduler import Scheduler
from simulator.terminal_inline import InlineReporter, InlineTerminal
from simulator.visiting import VisitorScreen
from terminal import dispatch
from terminal.commands import centre, sheets
from terminal.commands.card import CardCommands
from terminal.commands.centre import CentreCommands
from terminal.commands.sheets import SheetCommands
from terminal.customer import Customer
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.coins.driver import CcTalkCoins
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.receipt_printer.driver import SerialReceiptPrinter
from terminal.fsm.machine import Machine
from terminal.journal.store import Journal
from terminal.money.desk import MoneyDesk
from terminal.money.ledger import Ledger
from terminal.money.settling import AccountSettler
from terminal.money.till import RemoteTill
from terminal.noting import CustomerNotes
from terminal.presenting.present import Presenter
from terminal.serving import CustomerRecord

DRAW: Final = "draw: terminals"
DRAW_CENTRE: Final = "draw: municipalities that send documents"
READ_BACK: Final = "read back: gate C (raster, 2D codes with their signatures, fronts, text)"
CRYPTO: Final = "crypto: terminals (session key, bundle, card's certificate, signatures of 2D codes)"
CRYPTO_WORLD: Final = "crypto: simulated cards and centre (certificates, RSA, signing, sealing)"
MACHINE: Final = "machine"
JOURNAL: Final = "journal: entries, frames, files"
JOURNAL_AUDIT: Final = "journal: verified and searched for personal data at night"
LEDGER: Final = "ledger"
GATES_AB: Final = "gates A and B, and what is around the gates"
CENTRE_CALLS: Final = "messages to and from the centre"
CARD: Final = "card commands"
SCREEN: Final = "screen texts"
PRINTING: Final = "printing: driver and delivery check"
MONEY: Final = "money: drivers of coins, notes, receipts"
RESET: Final = "reset between customers"
CUSTOMER: Final = "customer's process: events, effects, dispatch"
SIM_CARD: Final = "simulated cards"
SIM_CENTRE: Final = "simulated centre and its servers"
SIM_PRINTER: Final = "simulated printers"
SIM_MONEY: Final = "simulated money devices"
SIM_PEOPLE: Final = "people in front of the screens"
SETTING_UP: Final = "setting up: households, registers, terminals"
PAPER: Final = "delivered sheets, read by the checkers' own reader"
CHECKERS: Final = "checkers of P1 to P9, counts"
HISTORY: Final = "history as JSON and Parquet"
SCHEDULER: Final = "scheduler"
UNNAMED: Final = "everything else"

GROUPS: Final = (
    ("draw", (DRAW, DRAW_CENTRE)),
    ("read back", (READ_BACK,)),
    ("crypto", (CRYPTO, CRYPTO_WORLD)),
    ("machine", (MACHINE,)),
    ("journal", (JOURNAL, JOURNAL_AUDIT)),
    ("ledger", (LEDGER,)),
    (
        "rest",
        (
            *(GATES_AB, CENTRE_CALLS, CARD, SCREEN, PRINTING, MONEY, RESET, CUSTOMER),
            *(SIM_CARD, SIM_CENTRE, SIM_PRINTER, SIM_MONEY, SIM_PEOPLE, SETTING_UP),
            *(PAPER, CHECKERS, HISTORY, SCHEDULER, UNNAMED),
        ),
    ),
)
"""The layers of the issue, journal and ledger apart, and the parts of each; together they are everything."""
FLEET_PARTS: Final = tuple(part for _, parts in GROUPS for part in parts)


def fleet_probes() -> tuple[Probe, ...]:
    """Every border."""
    return (
        Probe(sheets, "draw_certificate", DRAW),
        Probe(sheets, "join_documents", DRAW),
        Probe(content, "draw_certificate", DRAW_CENTRE),
        Probe(sheets, "check_sheets", READ_BACK),
        Probe(sheets, "check_bundle", GATES_AB),
        Probe(sheets, "check_subject", GATES_AB),
        *(Probe(SheetCommands, name, GATES_AB) for name in ("verify", "grown_old")),
        *(
            Probe(CentreCommands, name, CENTRE_CALLS)
            for name in ("open_session", "prepare_issuance", "issue", "cancel")
        ),
        Probe(CentreCommands, "report_delivery", CENTRE_CALLS),
        *_crypto(),
        Probe(Machine, "handle", MACHINE),
        *_books(),
        *(Probe(CardCommands, name, CARD) for name in ("read", "verify_pin", "read_subject", "sign", "release")),
        *(Probe(Presenter, name, SCREEN) for name in ("view_of", "view_again", "interpret", "keys_typed")),
        Probe(dispatch, "print_document", PRINTING),
        Probe(dispatch, "check_delivery", PRINTING),
        *(Probe(dispatch, name, MONEY) for name in ("collect", "pay_change", "refund", "print_slip")),
        *(Probe(device, "readiness", MONEY) for device in (CcTalkCoins, Id003Notes, SerialReceiptPrinter)),
        Probe(inline_supervisor, "clear_and_prove", RESET),
        Probe(Customer, "run", CUSTOMER),
        *_world(),
        *_checking(),
    )


def _crypto() -> tuple[Probe, ...]:
    return (
        Probe(sheets, "open_bundle", CRYPTO),
        Probe(centre, "SessionKey", CRYPTO),
        Probe(TrustedCas, "check", CRYPTO),
        Probe(SheetKey, "sign", CRYPTO),
        Probe(cards, "authentication_certificate", CRYPTO_WORLD),
        Probe(signing, "sign", CRYPTO_WORLD),
        Probe(CardVerifier, "admit", CRYPTO_WORLD),
        Probe(bundles, "sign", CRYPTO_WORLD),
        Probe(bundles, "seal", CRYPTO_WORLD),
    )


def _books() -> tuple[Probe, ...]:
    return (
        *(Probe(InlineReporter, name, JOURNAL) for name in ("entry", "report")),
        *(Probe(CustomerNotes, name, JOURNAL) for name in ("entry", "write", "gate")),
        *(Probe(Journal, name, JOURNAL) for name in ("__init__", "append", "close")),
        Probe(CustomerRecord, "settle", JOURNAL),
        Probe(run, "journal_read", JOURNAL_AUDIT),
        *(Probe(AccountSettler, name, LEDGER) for name in ("take", "close_after", "keep_if_delivered")),
        *(Probe(Ledger, name, LEDGER) for name in ("__init__", "close")),
        Probe(MoneyDesk, "record", LEDGER),
        Probe(RemoteTill, "record", LEDGER),
    )


def _world() -> tuple[Probe, ...]:
    centre_calls = ("challenge", "open_session", "issue", "cancel", "report_delivery")
    printer_calls = ("printer", "prepare", "send", "job", "cancel", "jobs", "purge")
    return (
        Probe(InProcessConnection, "transmit", SIM_CARD),
        Probe(CardMaker, "card", SIM_CARD),
        *(Probe(InProcessCentre, name, SIM_CENTRE) for name in centre_calls),
        *(Probe(ModelLink, name, SIM_PRINTER) for name in printer_calls),
        *(Probe(LoopLine, name, SIM_MONEY) for name in ("write", "read")),
        *(Probe(UnhurriedPayment, name, SIM_MONEY) for name in ("collect", "pay_out", "keep")),
        *(Probe(VisitorScreen, name, SIM_PEOPLE) for name in ("show", "hand_over")),
        *(Probe(district, name, SETTING_UP) for name in ("household", "make_model", "person_of", "tell_resident")),
        Probe(visitors, "crowd", SETTING_UP),
        *(Probe(InlineTerminal, name, SETTING_UP) for name in ("__enter__", "__exit__")),
        Probe(Scheduler, "step", SCHEDULER),
    )


def _checking() -> tuple[Probe, ...]:
    return (
        Probe(district, "read_sheets", PAPER),
        Probe(shards, "tally", CHECKERS),
        Probe(shards, "lines_of", HISTORY),
        *(Probe(Part, name, HISTORY) for name in ("__init__", "take", "content")),
    )
