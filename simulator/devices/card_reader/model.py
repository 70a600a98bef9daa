"""The emulated My Number Card: bytes in, bytes out, without clock or sockets.

It answers every byte string with at least two bytes and never raises. Source: reference jpki-card.md sections 2 to 5.5.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from simulator.devices.card_reader import pin_commands, session, signing
from simulator.devices.card_reader.apdu import Answer, CommandApdu, Instruction, StatusWord, parse_command
from simulator.devices.card_reader.files import Application, PinFile
from simulator.devices.card_reader.secret_store import SecretStore
from simulator.home import HomeError

CONTACTLESS_ATR = bytes.fromhex("3B888001000005E0B381A1007F")
CONTACT_ATR = bytes.fromhex("3BE000FF8131FE4514")


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a chip misbehaves; the default is a sound one.

    ``first_command_fails``: 6F00 to the first command after each power-up (seen on sound contactless cards too).
    ``reads_fail``: READ BINARY and SIGN answer 6F00 for good. ``short_reads``: READ BINARY gives half of what was asked.
    """

    first_command_fails: bool = False
    reads_fail: bool = False
    short_reads: bool = False


SOUND = Quirks()
_SecretCommand: TypeAlias = Callable[[session.CardSession, SecretStore, CommandApdu], Answer]


class Card:
    """One card: applications, data objects of the master file, and secrets that outlive the power.

    ``on_pin`` is told of each PIN that the chip compares (which secret, tries left before and after): for whoever watches a run.
    """

    def __init__(
        self,
        name: str,
        applications: Iterable[Application],
        secrets: SecretStore,
        *,
        atr: bytes = CONTACTLESS_ATR,
        data_objects: Mapping[int, bytes] | None = None,
        quirks: Quirks = SOUND,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.name = name
        self.atr = atr
        self._secrets = secrets
        self._data_objects = dict(data_objects or {})
        self._quirks = quirks
        self._random_bytes = random_bytes
        self._session = session.CardSession({application.aid: application for application in applications})
        self._powered = False
        self._fresh = False
        self.on_pin: Callable[[str, int, int], None] = lambda _secret, _before, _after: None

    def power_on(self) -> None:
        """Feed the chip: no application is current. A card that has power already only resets (ISO 7816-3 section 6.2)."""
        self._fresh = self._fresh or not self._powered
        self._powered = True
        self._session.to_master_file()

    def power_off(self) -> None:
        """Starve the chip: every PIN status is gone."""
        self._powered = False
        self._session.verified.clear()
        self._session.to_master_file()

    def reset(self) -> None:
        """Warm reset: no application is current, but PIN status stays, as measured on the real card."""
        self._session.to_master_file()

    def transmit(self, apdu: bytes) -> bytes:
        """Answer one command APDU with response data and status word."""
        return self._answer(bytes(apdu)).encode()

    def _answer(self, apdu: bytes) -> Answer:
        if not self._powered:
            return Answer(StatusWord.TRANSIENT)
        first, self._fresh = self._fresh, False
        if first and self._quirks.first_command_fails:
            return Answer(StatusWord.TRANSIENT)
        command = parse_command(apdu)
        if command is None:
            return Answer(StatusWord.WRONG_LENGTH)
        match command.cla:
            case 0x00:
                return self._interindustry(command)
            case 0x80:
                return self._proprietary(command)
            case 0x01 | 0x02 | 0x03:
                return Answer(StatusWord.NO_LOGICAL_CHANNEL)
            case 0x04 | 0x08 | 0x0C | 0x84 | 0x88 | 0x8C:
                return Answer(StatusWord.NO_SECURE_MESSAGING)
            case _:
                return Answer(StatusWord.WRONG_CLASS)

    def _interindustry(self, command: CommandApdu) -> Answer:
        match command.ins:
            case Instruction.SELECT:
                return session.select(self._session, command)
            case Instruction.READ_BINARY:
                return self._read_binary(command)
            case Instruction.READ_RECORD:
                return session.read_record(self._session, command)
            case Instruction.VERIFY:
                return self._with_secrets(pin_commands.verify, command)
            case Instruction.CHANGE_REFERENCE_DATA:
                return self._with_secrets(pin_commands.change_reference_data, command)
            case Instruction.GET_CHALLENGE:
                return self._get_challenge(command)
            case Instruction.GET_DATA:
                return self._get_data(command)
            case _:
                return Answer(StatusWord.WRONG_INSTRUCTION)

    def _proprietary(self, command: CommandApdu) -> Answer:
        match command.ins:
            case Instruction.PERFORM_SECURITY_OPERATION:
                return self._sign(command)
            case Instruction.CHANGE_KEY:
                return self._with_secrets(pin_commands.change_key, command)
            case Instruction.LAST_COMMAND_INDICATOR:
                # Only telephones know this indicator: plastic cards refuse it by its length.
                return Answer(StatusWord.WRONG_LENGTH)
            case _:
                return Answer(StatusWord.WRONG_INSTRUCTION)

    def _with_secrets(self, act: _SecretCommand, command: CommandApdu) -> Answer:
        try:
            before = self._secrets.read(secret).tries_left if (secret := self._offered(command)) else 0
            answer = act(self._session, self._secrets, command)
            if secret and before:
                self.on_pin(secret, before, self._secrets.read(secret).tries_left)
            return answer
        except (OSError, HomeError):
            # A spent try that cannot be kept must not be answered as if it had been.
            return Answer(StatusWord.MEMORY_FAILURE)

    def _offered(self, command: CommandApdu) -> str:
        """The secret that this command makes the chip compare a PIN with; empty for every other command."""
        file = self._session.file
        compares = command.ins == Instruction.VERIFY and bool(command.data)
        return file.secret if compares and isinstance(file, PinFile) else ""

    def _read_binary(self, command: CommandApdu) -> Answer:
        if self._quirks.reads_fail:
            return Answer(StatusWord.TRANSIENT)
        answer = session.read_binary(self._session, command)
        if self._quirks.short_reads and len(answer.data) > 1:
            return Answer(answer.sw, answer.data[: len(answer.data) // 2])
        return answer

    def _sign(self, command: CommandApdu) -> Answer:
        if self._quirks.reads_fail:
            return Answer(StatusWord.TRANSIENT)
        return signing.sign(self._session, command)

    def _get_challenge(self, command: CommandApdu) -> Answer:
        if command.p1p2 != 0:
            return Answer(StatusWord.WRONG_PARAMETERS)
        if command.data or command.le is None or command.le > 256:
            return Answer(StatusWord.WRONG_LENGTH)
        return Answer(StatusWord.DONE, self._random_bytes(command.le))

    def _get_data(self, command: CommandApdu) -> Answer:
        if self._session.application is not None:
            return Answer(StatusWord.WRONG_INSTRUCTION)
        value = self._data_objects.get(command.p1p2)
        if value is None:
            # Not 6A88: OpenSC's foreign probes were measured against 6D00.
            return Answer(StatusWord.WRONG_INSTRUCTION)
        return Answer(StatusWord.DONE, value[: command.le or 256])
