"""Where a configuration becomes a running service: journal, ledger, supervisor, and what each customer is served with."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from importlib.metadata import version
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from honnin.devices import fitted_devices, fittings, open_centre, resettables
from honnin.serial_devices import SupervisorsTower, open_receipt_printer
from terminal import readiness
from terminal.aside import ask_aside
from terminal.centre.sheet_keys import load_sheet_keys
from terminal.centre.trust import MunicipalityKeys
from terminal.clock import Clock, SystemClock
from terminal.commands.findings import FindingSealer
from terminal.commands.sheets import Gates
from terminal.config import Config
from terminal.control import ControlServer
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.screen.console import ConsoleScreen, open_terminal_mode
from terminal.duties import Duties
from terminal.errors import HonninError
from terminal.fittings import Settings
from terminal.fsm.effects import Show
from terminal.fsm.machine import Machine
from terminal.integrity import check_installation, record_hashes
from terminal.journal import entries
from terminal.journal.fields import Part
from terminal.journal.recover import recover
from terminal.journal.store import Journal
from terminal.money.desk import MoneyDesk
from terminal.money.ledger import FILE_NAME as LEDGER_FILE
from terminal.money.ledger import open_or_salvage
from terminal.money.reading import read_snapshot
from terminal.money.settling import AccountSettler, TicketPrinter
from terminal.money.slips import print_claim
from terminal.money.state import Claim, LedgerState
from terminal.money.till import RemoteTill, Till
from terminal.observing import observe
from terminal.presenting.present import Presenter
from terminal.presenting.slips import SlipHead
from terminal.processes.hardening import forbid_dumps_and_tracing
from terminal.processes.private_files import tmpfs_root
from terminal.reset import HardReset
from terminal.service import serve_with
from terminal.signalling import signal_of
from terminal.supervisor import Supervisor
from terminal.verification.page_codes import SheetKeys
from terminal.verification.subject import SubjectEvidence

FINDINGS_DIR = "findings"
_RESET_BOUND_S = 30.0
_TICKET_BOUND_S = 15.0
LEDGER_DAMAGED = "MACHINE_LEDGER_DAMAGED"
"""A standing level: staff compare the ledger with the cash, then settle the payment."""


class TerminalSigner:
    """Signs the 2D code of every page this terminal draws (Ed25519); satisfies the forms' ``PageSigner``."""

    def __init__(self, key_id: str, key_file: Path) -> None:
        try:
            key = load_pem_private_key(key_file.read_bytes(), None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            text = (
                f"expected an Ed25519 private key without password in {key_file}, found none; correct [trust] sheet_key"
            )
            raise HonninError("CONFIG_TRUST_UNUSABLE", text)
        self.key_id = key_id
        self._key = key

    def sign(self, payload: bytes) -> bytes:
        """Ed25519 signature, 64 bytes (RFC 8032)."""
        return self._key.sign(payload)


def settings(config: Config) -> Settings:
    """What every customer of this terminal is served by; raise ``HonninError`` for unusable trust files."""
    cas = [cert for path in config.trust.card_cas for cert in _certificates(path)]
    municipality_keys = MunicipalityKeys.load(config.trust.municipalities)
    gates = Gates(
        municipality_keys=municipality_keys,
        sheet_keys=sheet_keys(config),
        signer=TerminalSigner(page_signer_id(config), config.trust.sheet_key),
        evidence=SubjectEvidence(config.terminal.evidence.value),
        specimen=config.terminal.simulated,
    )
    sealer = FindingSealer(config.terminal.state_dir / FINDINGS_DIR, municipality_keys, config.terminal.id)
    return Settings(
        terminal_id=config.terminal.id,
        card_trust=TrustedCas(cas),
        gates=gates,
        sealer=sealer,
        simulated=config.terminal.simulated,
        municipality_limit=config.terminal.municipality_limit,
        takes=_takes(config),
    )


def _takes(config: Config) -> tuple[str, ...]:
    """How the fee is paid here, for the screens."""
    if config.payment.driver == "cash":
        return tuple(name for name in ("coins", "notes") if getattr(config, name) is not None)
    return ("elsewhere",) if config.payment.driver == "elsewhere" else ("exact",)


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        text = f"expected PEM certificates of the cards' authority in {path}, found none; correct [trust] card_cas"
        raise HonninError("CONFIG_TRUST_UNUSABLE", text) from None


def page_signer_id(config: Config) -> str:
    """The key id under which ``trust/sheet-keys.json`` names this terminal's page-signing key."""
    return f"terminal-{config.terminal.id}"


def sheet_keys(config: Config) -> SheetKeys:
    """The public keys that may have signed a page's 2D code."""
    public_keys = {key_id: verifier.key for key_id, verifier in load_sheet_keys(config.trust.sheet_keys).items()}
    return SheetKeys(public_keys, page_signer_id(config))


def run_terminal(config: Config) -> int:
    """Run the service until it is stopped; the exit code."""
    restore = open_terminal_mode(0)
    try:
        forbid_dumps_and_tracing()
        return _supervise(config)
    finally:
        restore()


def make_state_dir(state_dir: Path) -> None:
    """Make the folder of journal and findings; raise ``HonninError`` (``CONFIG_STATE_DIR_UNUSABLE``)."""
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        text = f"expected to keep the journal in {state_dir}, {error.strerror}; correct [terminal] state_dir"
        raise HonninError("CONFIG_STATE_DIR_UNUSABLE", text) from None


def _supervise(config: Config) -> int:
    clock = SystemClock()
    state_dir = config.terminal.state_dir
    make_state_dir(state_dir)
    installed = check_installation(state_dir)
    with ExitStack() as books:
        journal = books.enter_context(Journal(state_dir / readiness.JOURNAL_FILE, clock, config.terminal.id))
        money = open_money(config, clock, journal, books) if config.payment.driver == "cash" else None
        recover(journal, money.state if money is not None else None)
        if money is not None:
            money.keep_if_delivered()
        journal.append(
            entries.TerminalStarted(
                version=version("honnin"),
                build_id=installed.build_id,
                config_digest=config.digest,
                simulated=config.terminal.simulated,
            )
        )
        journal.append(entries.IntegrityChecked(files=installed.files, wrong=len(installed.wrong), ok=installed.ok))
        supervisor = Supervisor(_duties(config, clock, journal, money))
        failure = readiness.self_test(config, installed, observe(config, clock))
        supervisor.boot(failure.code if failure else "")
        supervisor.run()
        journal.append(entries.TerminalStopped())
    return 0


def open_money(config: Config, clock: Clock, journal: Journal, books: ExitStack) -> AccountSettler:
    """The ledger and whoever settles its accounts; one that had to be salvaged is put on record, and staff count the cash."""
    ledger, salvaged = open_or_salvage(config.terminal.state_dir / LEDGER_FILE, clock, config.terminal.id)
    books.enter_context(ledger)
    if salvaged:
        journal.append(entries.LedgerSalvaged())
        journal.append(entries.FaultRaised(part=Part.PAYMENT, code=LEDGER_DAMAGED))
    desk = MoneyDesk(ledger)
    return AccountSettler(desk, journal, _ticket_printer(config, clock) if config.receipt_printer else None)


def _ticket_printer(config: Config, clock: Clock) -> TicketPrinter:
    """In a process aside: a receipt printer that hangs must not hold the supervisor."""

    def print_ticket(claim: Claim) -> bool:
        def job(_till: Till) -> bytes:
            printer = open_receipt_printer(config, clock)
            head = SlipHead(config.terminal.id, clock.wall(), config.terminal.simulated)
            return b"1" if printer is not None and print_claim(printer, head, claim) else b"0"

        return ask_aside(job, _TICKET_BOUND_S) == b"1"

    return print_ticket


def _duties(config: Config, clock: Clock, journal: Journal, money: AccountSettler | None) -> Duties:
    warm_up(config)
    desk = money.desk if money is not None else None
    return Duties(
        machine=Machine(config.machine),
        clock=clock,
        journal=journal,
        control=ControlServer(config.terminal.state_dir),
        reset=HardReset(lambda till: resettables(config, clock, till), clock, _RESET_BOUND_S, desk),
        serve=serve_with(
            lambda till: fittings(config, clock, till),
            settings(config),
            clock,
            lambda: desk.state if desk is not None else LedgerState(),
        ),
        show=notice_board(config, clock),
        private_files=(tmpfs_root() or config.terminal.state_dir) / f"honnin-{os.getuid()}-{config.terminal.id}",
        money=money,
    )


def warm_up(config: Config) -> None:
    """Read font and artwork once, so that every forked customer's process has them."""
    from printer_templates.certificate import warm_up as warm_up_forms

    warm_up_forms()


def notice_board(config: Config, clock: Clock) -> Callable[[Show], None]:
    """What the supervisor shows while nobody is served: plain notices, never a person's data; and the signal tower with them."""
    presenter = Presenter(config.terminal.simulated)
    screen = ConsoleScreen()
    tower = SupervisorsTower(config, clock)

    def post(show: Show) -> None:
        # A dead screen is found by the reset, which asks it; it must not take the supervisor with it.
        with suppress(OSError):
            screen.show(presenter.view_of(show))
        tower.signal(signal_of(show.screen))

    return post


def check_terminal(config: Config) -> int:
    """Print the readiness report; 0 when the terminal can serve, else 1."""
    clock = SystemClock()
    make_state_dir(config.terminal.state_dir)
    ledger = config.terminal.state_dir / LEDGER_FILE
    state = read_snapshot(ledger).state if ledger.exists() else LedgerState()
    devices = fitted_devices(config, clock, RemoteTill(state, lambda movement: None))
    # The console of the service is another terminal than the one this report is read on.
    del devices["screen"]
    report = readiness.check(config, devices, open_centre(config, clock), clock)
    sys.stdout.write(report.render_text())
    return 0 if report.ready else 1


def record_installed_files(config: Config) -> str:
    """Record the installed files' hashes in the state directory; the sentence to print."""
    make_state_dir(config.terminal.state_dir)
    recorded = record_hashes(config.terminal.state_dir)
    return f"recorded {recorded.files} files, build {recorded.build_id[:16]}, in {config.terminal.state_dir}"
