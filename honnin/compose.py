"""Where a configuration becomes open devices: the one place that knows real drivers and simulated devices alike."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from terminal import readiness
from terminal.centre.client import CentreClient, CentreTimeouts, TlsFiles
from terminal.centre.sheet_keys import load_sheet_keys
from terminal.centre.trust import MunicipalityKeys
from terminal.clock import Clock, SystemClock
from terminal.commands.findings import FindingSealer
from terminal.commands.sheets import Gates
from terminal.config import Config
from terminal.control import ControlServer
from terminal.devices.api import Resettable
from terminal.devices.card_reader.api import CardReader
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.card_reader.pcsc import PcscReader
from terminal.devices.payment.api import Payment
from terminal.devices.payment.none import NoPayment
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.screen.console import ConsoleScreen, open_terminal_mode
from terminal.duties import Duties
from terminal.errors import HonninError
from terminal.fittings import Fittings, Settings
from terminal.fsm.effects import Show
from terminal.fsm.machine import Machine
from terminal.identity import PART, Identity
from terminal.integrity import check_installation, record_hashes
from terminal.journal import entries
from terminal.journal.recover import recover
from terminal.journal.store import Journal
from terminal.observing import observe
from terminal.presenting.present import Presenter
from terminal.processes.hardening import forbid_dumps_and_tracing
from terminal.processes.private_files import tmpfs_root
from terminal.reset import HardReset
from terminal.service import serve_with
from terminal.supervisor import Supervisor
from terminal.verification.page_codes import SheetKeys
from terminal.verification.subject import SubjectEvidence

FINDINGS_DIR = "findings"
TILL_FILE = "till.json"
_RESET_BOUND_S = 30.0


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


def open_card_reader(config: Config, clock: Clock) -> CardReader:
    """The configured reader: PC/SC, or (simulated, no pcscd) the emulated card straight over TCP."""
    section = config.card_reader
    if section.driver == "simulated":
        from simulator.devices.card_reader.direct import DirectReader

        if config.simulation is None:
            raise ValueError("load_config lets no simulated driver pass without [simulation]")
        return DirectReader(config.simulation.card_port, section.watchdog_s)
    return PcscReader(section.name or "", section.watchdog_s, clock)


def open_payment(config: Config) -> Payment:
    """The configured payment device; only a simulated one exists yet, or none: then only what is free is given out."""
    if config.payment.driver == "none":
        return NoPayment()
    from simulator.devices.payment.model import SimulatedPayment

    return SimulatedPayment(config.terminal.state_dir / TILL_FILE)


def open_printer(config: Config, clock: Clock) -> IppPrinter:
    """The configured IPP printer, for printing."""
    return IppPrinter(config.printer.uri, config.printer.poll_s, config.printer.bound_s, clock)


def open_printer_for_reset(config: Config, clock: Clock) -> IppPrinter:
    """The same printer with short bounds: a dead one must not hold up the reset of the others."""
    section = config.printer
    return IppPrinter(section.uri, section.poll_s, section.bound_s, clock, exchange_s=3.0, settle_s=3.0)


def open_centre(config: Config, clock: Clock) -> CentreClient:
    """The client of the configured centre, with mutual TLS."""
    section = config.centre
    tls = TlsFiles(section.ca, section.certificate, section.key)
    timeouts = CentreTimeouts(short_s=section.timeout_s, issue_s=section.issue_timeout_s)
    return CentreClient(section.url, config.terminal.id, tls, timeouts, clock)


def fitted_devices(config: Config, clock: Clock) -> dict[str, Resettable]:
    """Every fitted device, opened anew in the calling process."""
    devices: dict[str, Resettable] = {
        "card_reader": open_card_reader(config, clock),
        "printer": open_printer_for_reset(config, clock),
        "screen": ConsoleScreen(),
    }
    if config.payment.driver != "none":
        devices["payment"] = open_payment(config)
    return devices


def resettables(config: Config, clock: Clock) -> Mapping[str, Resettable]:
    """What a reset clears and has proved: every fitted device, and that each is what the configuration says (P9)."""
    return {**fitted_devices(config, clock), PART: Identity(config, clock)}


def fittings(config: Config, clock: Clock) -> Fittings:
    """What a customer's process opens after its fork."""
    return Fittings(
        card_reader=open_card_reader(config, clock),
        printer=open_printer(config, clock),
        payment=open_payment(config),
        screen=ConsoleScreen(),
        centre=open_centre(config, clock),
    )


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
    )


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
    with Journal(state_dir / readiness.JOURNAL_FILE, clock, config.terminal.id) as journal:
        recover(journal)
        journal.append(
            entries.TerminalStarted(
                version=version("honnin"),
                build_id=installed.build_id,
                config_digest=config.digest,
                simulated=config.terminal.simulated,
            )
        )
        journal.append(entries.IntegrityChecked(files=installed.files, wrong=len(installed.wrong), ok=installed.ok))
        supervisor = Supervisor(_duties(config, clock, journal))
        failure = readiness.self_test(config, installed, observe(config, clock))
        supervisor.boot(failure.code if failure else "")
        supervisor.run()
        journal.append(entries.TerminalStopped())
    return 0


def _duties(config: Config, clock: Clock, journal: Journal) -> Duties:
    warm_up(config)
    return Duties(
        machine=Machine(config.machine),
        clock=clock,
        journal=journal,
        control=ControlServer(config.terminal.state_dir),
        reset=HardReset(lambda: resettables(config, clock), clock, _RESET_BOUND_S),
        serve=serve_with(lambda: fittings(config, clock), settings(config), clock),
        show=notice_board(config.terminal.simulated),
        private_files=(tmpfs_root() or config.terminal.state_dir) / f"honnin-{os.getuid()}-{config.terminal.id}",
    )


def warm_up(config: Config) -> None:
    """Read font and artwork once, so that every forked customer's process has them."""
    from printer_templates.certificate import warm_up as warm_up_forms

    warm_up_forms()


def notice_board(simulated: bool) -> Callable[[Show], None]:
    """What the supervisor shows while nobody is served: plain notices, never a person's data."""
    presenter = Presenter(simulated)
    screen = ConsoleScreen()

    def post(show: Show) -> None:
        # A dead screen is found by the reset, which asks it; it must not take the supervisor with it.
        with suppress(OSError):
            screen.show(presenter.view_of(show))

    return post


def check_terminal(config: Config) -> int:
    """Print the readiness report; 0 when the terminal can serve, else 1."""
    clock = SystemClock()
    make_state_dir(config.terminal.state_dir)
    devices = fitted_devices(config, clock)
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
