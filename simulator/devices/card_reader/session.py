"""What a powered card remembers between two commands, and the commands that only read files.

Sources: ISO/IEC 7816-4 section 11; reference jpki-card.md sections 2.3, 2.5 and 5.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.devices.card_reader.apdu import Answer, CommandApdu, StatusWord
from simulator.devices.card_reader.files import Application, ElementaryFile, LateFile, RecordFile, TransparentFile

ISD_AID = bytes.fromhex("A0000001510000")
CURRENT_FILE = 0x80
_FIRST_OR_ONLY = (0x00, 0x0C)


@dataclass(slots=True, repr=False)
class CardSession:
    """The volatile state of a card. ``verified`` holds (AID, PIN file) pairs and lives until power-off."""

    applications: Mapping[bytes, Application]
    application: Application | None = None
    file_identifier: int | None = None
    verified: set[tuple[bytes, int]] = field(default_factory=set)

    @property
    def file(self) -> ElementaryFile | None:
        """The current elementary file."""
        if self.application is None or self.file_identifier is None:
            return None
        return self.application.files[self.file_identifier]

    def verified_here(self) -> frozenset[int]:
        """The PIN files of the current application that stand verified."""
        if self.application is None:
            return frozenset()
        return frozenset(identifier for aid, identifier in self.verified if aid == self.application.aid)

    def to_master_file(self) -> None:
        """No application and no file is current: the state after power-on."""
        self.application = None
        self.file_identifier = None

    def choose_by_short_identifier(self, short: int) -> bool:
        """Make the file with this short identifier current; False when there is none."""
        identifier = None if self.application is None else self.application.by_short_identifier(short)
        if identifier is None:
            return False
        self.file_identifier = identifier
        return True

    def choose_by_reference(self, p2: int) -> StatusWord | None:
        """Follow a P2 of the form 80 (current file) or 80|sfi; the status word of what is wrong, or None."""
        if not p2 & CURRENT_FILE or p2 & 0x60:
            return StatusWord.WRONG_PARAMETERS
        if p2 & 0x1F and not self.choose_by_short_identifier(p2 & 0x1F):
            return StatusWord.NOT_FOUND
        return None if self.file is not None else StatusWord.NO_CURRENT_FILE


def select(session: CardSession, command: CommandApdu) -> Answer:
    """SELECT by AID (P1 04), by file identifier (P1 02) or of the master file (P1 00). Never returns an FCI."""
    match command.p1:
        case 0x04 if command.p2 in _FIRST_OR_ONLY:
            return _select_application(session, command.data)
        case 0x02 if command.p2 in _FIRST_OR_ONLY:
            return _select_file(session, command.data)
        case 0x00 if not command.data:
            known = session.application is not None
            return Answer(StatusWord.DONE if known else StatusWord.WRONG_PARAMETERS)
        case 0x00:
            return Answer(StatusWord.NOT_FOUND)
        case _:
            return Answer(StatusWord.WRONG_PARAMETERS)


def _select_application(session: CardSession, aid: bytes) -> Answer:
    if aid == ISD_AID:
        session.to_master_file()
        return Answer(StatusWord.DONE)
    application = session.applications.get(aid)
    if application is None:
        return Answer(StatusWord.NOT_FOUND)
    session.application = application
    session.file_identifier = None
    return Answer(StatusWord.DONE)


def _select_file(session: CardSession, identifier: bytes) -> Answer:
    if len(identifier) != 2:
        return Answer(StatusWord.WRONG_LENGTH)
    number = int.from_bytes(identifier, "big")
    if session.application is None or number not in session.application.files:
        return Answer(StatusWord.NOT_FOUND)
    session.file_identifier = number
    return Answer(StatusWord.DONE)


def read_binary(session: CardSession, command: CommandApdu) -> Answer:
    """READ BINARY with a 15-bit offset, or with P1 = 80|sfi and an 8-bit offset; asks beyond the end get what is left."""
    if command.le is None or command.data:
        return Answer(StatusWord.WRONG_LENGTH)
    offset = command.p1p2
    if command.p1 & 0x80:
        if command.p1 & 0x60:
            return Answer(StatusWord.WRONG_PARAMETERS)
        if not session.choose_by_short_identifier(command.p1 & 0x1F):
            return Answer(StatusWord.NOT_FOUND)
        offset = command.p2
    match session.file:
        case None:
            return Answer(StatusWord.NO_CURRENT_FILE)
        case TransparentFile(access=access) | LateFile(access=access) as file:
            if not access.granted(session.verified_here()):
                return Answer(StatusWord.SECURITY_STATUS)
            content = file.content if isinstance(file, TransparentFile) else file.make()
            if offset >= len(content):
                return Answer(StatusWord.WRONG_OFFSET)
            return Answer(StatusWord.DONE, content[offset : offset + command.le])
        case _:
            return Answer(StatusWord.WRONG_FILE_STRUCTURE)


def read_record(session: CardSession, command: CommandApdu) -> Answer:
    """READ RECORD by number: P2 = sfi<<3 | 04, sfi 0 is the current file; P2 0C of the readers means sfi 1."""
    if command.p2 & 0x07 != 0x04:
        return Answer(StatusWord.WRONG_PARAMETERS)
    short = command.p2 >> 3
    if short and not session.choose_by_short_identifier(short):
        return Answer(StatusWord.NOT_FOUND)
    match session.file:
        case None:
            return Answer(StatusWord.NO_CURRENT_FILE)
        case RecordFile(records, access):
            if not access.granted(session.verified_here()):
                return Answer(StatusWord.SECURITY_STATUS)
            if not 1 <= command.p1 <= len(records):
                return Answer(StatusWord.NO_RECORD)
            return Answer(StatusWord.DONE, records[command.p1 - 1][: command.le or 256])
        case _:
            return Answer(StatusWord.WRONG_FILE_STRUCTURE)
