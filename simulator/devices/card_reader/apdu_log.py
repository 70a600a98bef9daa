"""A record of the exchanges with a card that holds no data: headers, lengths and status words."""

import threading
from collections import deque
from dataclasses import dataclass

from simulator.devices.card_reader.apdu import Instruction

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class LoggedExchange:
    """One command: its header, the AID or file identifier of a SELECT, and what came back; ``sw`` is None without an answer."""

    header: str
    selected: str
    command_bytes: int
    sw: int | None
    answer_bytes: int

    def __str__(self) -> str:
        sw = "no answer" if self.sw is None else f"{self.sw:04X}"
        return f"{self.header} {self.selected or '-'} ({self.command_bytes} bytes) -> {sw} ({self.answer_bytes} bytes)"


class ApduLog:
    """The last exchanges of a slot. No command data but a SELECT's and no answer data is kept, so no PIN can be in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[LoggedExchange] = deque(maxlen=_KEPT)

    def add(self, command: bytes, answer: bytes | None) -> None:
        """Note one exchange; ``answer`` is None when the card gave none."""
        is_select = len(command) > 5 and command[1] == Instruction.SELECT
        entry = LoggedExchange(
            header=command[:4].hex().upper(),
            selected=command[5 : 5 + command[4]].hex().upper() if is_select else "",
            command_bytes=len(command),
            sw=None if answer is None else int.from_bytes(answer[-2:], "big"),
            answer_bytes=0 if answer is None else len(answer) - 2,
        )
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> tuple[LoggedExchange, ...]:
        """The exchanges so far, oldest first."""
        with self._lock:
            return tuple(self._entries)

    def clear(self) -> None:
        """Forget every exchange."""
        with self._lock:
            self._entries.clear()
