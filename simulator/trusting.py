"""What a terminal in process trusts and signs with: the throw-away keys of a home, and the settings that go with them."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from printer_templates.certificate import PageSigner
from simulator.centre.pki import CentrePki
from simulator.home import Home
from terminal.centre.sheet_keys import FILE_NAME as SHEET_KEYS_FILE
from terminal.centre.sheet_keys import load_sheet_keys
from terminal.centre.trust import FILE_NAME as MUNICIPALITIES_FILE
from terminal.centre.trust import MunicipalityKeys
from terminal.commands.findings import FindingSealer
from terminal.commands.sheets import Gates
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.fittings import Settings
from terminal.verification.page_codes import SheetKeys
from terminal.verification.subject import SubjectEvidence


@dataclass(frozen=True, slots=True, repr=False)
class Trust:
    """Whose word counts for one terminal, and its own page signer."""

    municipality_keys: MunicipalityKeys
    sheet_keys: SheetKeys
    signer: PageSigner
    card_trust: TrustedCas


def trusts_of(home: Home, pki: CentrePki, terminal_ids: tuple[str, ...]) -> dict[str, Trust]:
    """The trust of each terminal at the centre of ``home``; its files are read once. Raises what reading them raises."""
    # Before the files are read: a key that is made now is among those that everybody knows.
    signers = {terminal_id: pki.terminal_sheet_key(terminal_id) for terminal_id in terminal_ids}
    known = {key_id: found.key for key_id, found in load_sheet_keys(home.trust / SHEET_KEYS_FILE).items()}
    keys = MunicipalityKeys.load(home.trust / MUNICIPALITIES_FILE)
    cards = TrustedCas(x509.load_pem_x509_certificates((home.trust / "auth-ca.pem").read_bytes()))
    return {
        terminal_id: Trust(keys, SheetKeys(known, signer.key_id), signer, cards)
        for terminal_id, signer in signers.items()
    }


def settings_of(
    trust: Trust,
    terminal_id: str,
    folder: Path,
    *,
    evidence: SubjectEvidence = SubjectEvidence.SERIAL_AND_BASIC_FOUR,
    municipality_limit: str | None = None,
    takes: tuple[str, ...] = ("exact",),
) -> Settings:
    """The settings of a simulated terminal, which keeps its findings in ``folder``."""
    gates = Gates(trust.municipality_keys, trust.sheet_keys, trust.signer, evidence, specimen=True)
    return Settings(
        terminal_id=terminal_id,
        card_trust=trust.card_trust,
        gates=gates,
        sealer=FindingSealer(folder / "findings", trust.municipality_keys, terminal_id),
        simulated=True,
        municipality_limit=municipality_limit,
        takes=takes,
    )
