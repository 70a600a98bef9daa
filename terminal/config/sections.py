"""The sections of a terminal's TOML file. A field's description is what its error says was expected."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from terminal.config.section import FilePath, FolderPath, Section
from terminal.config.serial_sections import (
    CoinsSection,
    NotesSection,
    PinPadSection,
    ReceiptPrinterSection,
    SignalTowerSection,
)
from terminal.fsm.config import Evidence


def _address(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname or parts.port == 0 or any(c.isspace() for c in value):
            raise ValueError("not such an address")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("an address has no user, password, query or fragment")
        return value

    return AfterValidator(check)


def _said(value: str) -> str:
    if value != value.strip() or not value.isprintable():
        raise ValueError("blanks at an end, or characters that cannot be printed")
    return value


Bound = Annotated[float, Field(gt=0, le=3600, description="seconds, above 0 and at most 3600")]
ReaderName = Annotated[
    str, Field(min_length=1, max_length=128), AfterValidator(_said), Field(description="the reader's exact PC/SC name")
]


class TerminalSection(Section):
    """``[terminal]``: which terminal this is, what it demands, where its state lies."""

    id: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$", description="1 to 32 letters, digits and hyphens")
    ]
    state_dir: FolderPath
    evidence: Annotated[Evidence, Field(strict=False, description='"serial" or "serial+basic-four"')] = (
        Evidence.SERIAL_AND_BASIC_FOUR
    )
    municipality_limit: (
        Annotated[str, Field(pattern=r"^[0-9]{5}$", description="a municipality's five digits")] | None
    ) = None
    simulated: Annotated[bool, Field(description="true or false")] = False


class CardReaderSection(Section):
    """``[card_reader]``: the reader by its exact PC/SC name; ``watchdog_s`` bounds each exchange with the card."""

    driver: Annotated[Literal["pcsc", "simulated"], Field(description='"pcsc" or "simulated"')]
    name: ReaderName | None = None
    watchdog_s: Annotated[float, Field(ge=1, le=60, description="seconds, from 1 to 60")] = 10.0


class PrinterSection(Section):
    """``[printer]``: an IPP printer; ``poll_s`` between questions, ``bound_s`` for a whole job."""

    driver: Annotated[Literal["ipp"], Field(description='"ipp"')] = "ipp"
    uri: Annotated[str, _address("ipp", "ipps"), Field(description="an ipp:// or ipps:// address")]
    poll_s: Annotated[float, Field(ge=0.05, le=10, description="seconds, from 0.05 to 10")] = 0.5
    bound_s: Bound = 180.0


class PaymentSection(Section):
    """``[payment]``: ``cash`` on the fitted coins and notes; ``elsewhere``: the shop's register takes the fee; ``none``: only
    what costs nothing is given out."""

    driver: Annotated[
        Literal["none", "cash", "elsewhere", "simulated"],
        Field(description='"none", "cash", "elsewhere" or "simulated"'),
    ]


class ScreenSection(Section):
    """``[screen]``: what the customer sees."""

    driver: Annotated[Literal["console"], Field(description='"console"')] = "console"


class CentreSection(Section):
    """``[centre]``: the certificate centre, by mutual TLS; ``timeout_s`` bounds one exchange, ``issue_timeout_s`` an issuance."""

    url: Annotated[str, _address("https"), Field(description="an https:// address")]
    ca: FilePath
    certificate: FilePath
    key: FilePath
    timeout_s: Bound = 10.0
    issue_timeout_s: Bound = 30.0


class TrustSection(Section):
    """``[trust]``: whose cards, whose bundles, whose sheets; ``sheet_key`` is this terminal's own, and private."""

    card_cas: Annotated[
        tuple[FilePath, ...], Field(strict=False, min_length=1, description="a list of at least one PEM file")
    ]
    municipalities: FilePath
    sheet_keys: FilePath
    sheet_key: FilePath


class SimulationSection(Section):
    """``[simulation]``: only with ``terminal.simulated = true``: the simulator's home, and where an emulated card speaks vpcd.

    ``card_port`` (loopback) is for the card reader's driver ``simulated``; vpcd's own port is 35963.
    """

    home: FolderPath
    card_port: Annotated[int, Field(ge=1, le=65535, description="a TCP port, from 1 to 65535")] = 35963


class LimitSection(Section):
    """One state's bound: the warning comes after ``warn_after_s``, the end after ``end_after_s``."""

    end_after_s: Bound
    warn_after_s: Bound | None = None


class ConfigFile(Section):
    """The whole file."""

    terminal: TerminalSection
    card_reader: CardReaderSection
    printer: PrinterSection
    payment: PaymentSection
    coins: CoinsSection | None = None
    notes: NotesSection | None = None
    pin_pad: PinPadSection | None = None
    signal_tower: SignalTowerSection | None = None
    receipt_printer: ReceiptPrinterSection | None = None
    screen: ScreenSection = ScreenSection()
    centre: CentreSection
    trust: TrustSection
    simulation: SimulationSection | None = None
    timeouts: dict[str, LimitSection] = Field(default_factory=dict)
