"""The sections of the devices on serial lines. A device without a section is not fitted."""

from typing import Annotated, Literal

from pydantic import Field

from terminal.config.section import Baud, FilePath, Section, SerialPort

_Address = Annotated[int, Field(ge=2, le=255, description="a ccTalk address, from 2 to 255")]


class HopperSection(Section):
    """One hopper on the coin mechanism's bus: what it pays out."""

    address: _Address
    coin_yen: Annotated[Literal[1, 5, 10, 50, 100, 500], Field(description="a coin: 1, 5, 10, 50, 100 or 500")]


class CoinsSection(Section):
    """``[coins]``: a ccTalk coin mechanism; ``checksum`` and ``event_order`` are the maker's, ``hoppers`` give change."""

    driver: Annotated[Literal["cctalk"], Field(description='"cctalk"')] = "cctalk"
    port: SerialPort
    baud: Baud = 9600
    address: _Address = 2
    checksum: Annotated[Literal["simple", "crc"], Field(description='"simple" (8 bits) or "crc" (CRC-CCITT)')] = (
        "simple"
    )
    echo: Annotated[bool, Field(description="true or false: the adapter hears itself, as ccTalk's one wire does")] = (
        True
    )
    event_order: Annotated[
        Literal["coin-first", "sorter-first"], Field(description='"coin-first" or "sorter-first"')
    ] = "coin-first"
    hoppers: Annotated[
        tuple[HopperSection, ...], Field(strict=False, max_length=8, description="a list of at most 8 hoppers")
    ] = ()


class NotesSection(Section):
    """``[notes]``: a JCM ID-003 note validator; ``accept_yen`` are the notes it may take."""

    driver: Annotated[Literal["id003"], Field(description='"id003"')] = "id003"
    port: SerialPort
    baud: Baud = 9600
    accept_yen: Annotated[
        tuple[
            Annotated[Literal[1000, 2000, 5000, 10_000], Field(description="a note: 1000, 2000, 5000 or 10000")], ...
        ],
        Field(strict=False, min_length=1, description="a list of notes: 1000, 2000, 5000, 10000"),
    ] = (1000,)


class PinPadSection(Section):
    """``[pin_pad]``: the keypad with its own key (docs/protocols/pin-pad.md); ``key`` is its public identity key."""

    driver: Annotated[Literal["honnin"], Field(description='"honnin"')] = "honnin"
    port: SerialPort
    baud: Baud = 9600
    key: FilePath


class SignalTowerSection(Section):
    """``[signal_tower]``: a PATLITE signal tower on a serial line."""

    driver: Annotated[Literal["patlite"], Field(description='"patlite"')] = "patlite"
    port: SerialPort
    baud: Baud = 9600


class ReceiptPrinterSection(Section):
    """``[receipt_printer]``: an ESC/POS receipt printer on a serial line."""

    driver: Annotated[Literal["escpos"], Field(description='"escpos"')] = "escpos"
    port: SerialPort
    baud: Baud = 38_400
