"""The console screen: a terminal of 80 columns with a keyboard, for shops' tests and for those who have no touch screen.

Keys: the key in front of a choice, Enter for OK, b for back, x for cancel, Backspace to take a digit back. A PIN is masked and
never echoed. ``clear`` empties screen, scroll-back and the keys typed ahead, because nothing of a customer may outlive them.
The window title (OSC 2, xterm control sequences) names the screen, for whoever drives the console by program.
"""

import errno
import fcntl
import os
import select
import struct
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    InputKind,
    OkPressed,
    PersonInput,
    View,
)
from terminal.errors import HonninError

COLUMNS: Final = 80
PIN_DIGITS: Final = 4
_CLEAR: Final = "\x1b[3J\x1b[2J\x1b[H"
_BACKSPACES: Final = b"\x7f\x08"
_ENTERS: Final = b"\r\n"
_WRITE_S: Final = 2.0
"""A terminal that takes nothing for so long (stopped, hung up, its window frozen) must not stop the service with it."""
_PIECE_BYTES: Final = 256
_DISABLED: Final = b"\0"
_RULER: Final = Console(width=COLUMNS, color_system=None)


class ScreenError(HonninError):
    """The console cannot be used: ``SCREEN_NO_TERMINAL``."""


def open_terminal_mode(descriptor: int) -> Callable[[], None]:
    """Switch off echo, line editing, and the keys that would stop the output or the service; return what puts them back.

    Raise ``ScreenError`` when it is no terminal. Ctrl-C stays: it stops the service in order.
    """
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        raise ScreenError(
            "SCREEN_NO_TERMINAL",
            "expected a terminal as standard input and output for the console screen, found none; run the command in a terminal",
        ) from None
    now = termios.tcgetattr(descriptor)
    now[0] &= ~termios.IXON
    now[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    now[6][termios.VSUSP] = now[6][termios.VQUIT] = _DISABLED
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, now)
    return lambda: termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


class ConsoleScreen:
    """Implements ``terminal.devices.screen.api.Screen`` on two descriptors of one terminal."""

    def __init__(self, keys: int = 0, glass: int = 1) -> None:
        self._keys = keys
        self._glass = glass
        self._view: View | None = None
        self._digits = bytearray(PIN_DIGITS)
        self._count = 0
        self._closed = threading.Event()
        self._clean = False
        self._own_glass: int | None = None

    def show(self, view: View) -> None:
        """See ``Screen.show``; digits typed on the former screen are forgotten."""
        if self._view is None or self._view.screen != view.screen:
            self._forget_digits()
        self._view = view
        self._draw()

    def listen(self, listener: Callable[[PersonInput], None]) -> None:
        """See ``Screen.listen``."""
        # A descriptor of its own: once the caller closes his, its number may be another terminal's, whose keys are not ours.
        keys = os.dup(self._keys)
        threading.Thread(target=self._listen, args=(keys, listener), name="screen-console", daemon=True).start()

    def close(self) -> None:
        """See ``Screen.close``."""
        self._closed.set()
        self.clear()
        if self._own_glass is not None:
            os.close(self._own_glass)
            self._own_glass = None

    def readiness(self) -> Readiness:
        """Whether both descriptors are a terminal."""
        if os.isatty(self._keys) and os.isatty(self._glass):
            return Readiness("screen", DeviceStatus.ONLINE, "console")
        fault = Fault("screen", "SCREEN_NO_TERMINAL", "run the terminal service in a terminal")
        return Readiness("screen", DeviceStatus.NO_DEVICE, "standard input or output is no terminal", (fault,))

    def clear(self) -> None:
        """Empty the glass, its scroll-back and the keys typed ahead."""
        self._forget_digits()
        self._view = None
        self._clean = False
        with suppress(OSError, termios.error):
            termios.tcflow(self._glass, termios.TCOON)
            termios.tcflush(self._keys, termios.TCIFLUSH)
            self._write(_CLEAR)
            self._clean = True

    def prove(self) -> ProofLine:
        """The glass took its clearing, nothing was shown since, no key was typed ahead."""
        if not self._clean:
            return ProofLine(
                "screen",
                False,
                "the console did not take its clearing: what it showed may still be there",
                "SCREEN_NOT_CLEARED",
                "look at the screen; close its window and start the terminal service again",
            )
        if self._view is None and not any(self._digits) and self._keys_waiting() == 0:
            return ProofLine("screen", True, "the console is empty, no key waits")
        return ProofLine(
            "screen",
            False,
            "keys typed ahead are left on the console",
            "SCREEN_NOT_EMPTY",
            "take the hand off the keyboard",
        )

    def _keys_waiting(self) -> int:
        try:
            answer = fcntl.ioctl(self._keys, termios.FIONREAD, struct.pack("i", 0))
        except OSError:
            return 0
        count: int = struct.unpack("i", answer)[0]
        return count

    def _forget_digits(self) -> None:
        self._digits[:] = bytes(PIN_DIGITS)
        self._count = 0

    # --- keys

    def _listen(self, keys: int, listener: Callable[[PersonInput], None]) -> None:
        try:
            self._read(keys, listener)
        finally:
            os.close(keys)

    def _read(self, keys: int, listener: Callable[[PersonInput], None]) -> None:
        # readv fills a buffer that can be wiped; read would make an immutable copy of a PIN's digit.
        key = bytearray(1)
        while not self._closed.is_set():
            try:
                count = os.readv(keys, [key])
            except OSError:
                return
            if count == 0:
                return
            pressed = self._press(key[0])
            key[0] = 0
            if pressed is not None:
                listener(pressed)

    def _press(self, key: int) -> PersonInput | None:
        view = self._view
        if view is None:
            return None
        if view.waits_for is InputKind.DIGITS and (0x30 <= key <= 0x39 or key in _BACKSPACES or key in _ENTERS):
            return self._press_digit(key)
        if key in _ENTERS:
            return OkPressed()
        character = chr(key)
        if character == "b" and view.back_label:
            return BackPressed()
        if character == "x" and view.cancel_label:
            return CancelPressed()
        if any(choice.key == character for choice in view.choices):
            return ChoicePressed(character)
        return None

    def _press_digit(self, key: int) -> PersonInput | None:
        if key in _ENTERS:
            if self._count < PIN_DIGITS:
                return OkPressed() if self._view is not None and self._view.warning else None
            digits = bytearray(self._digits)
            self._forget_digits()
            self._draw()
            return DigitsEntered(digits)
        if key in _BACKSPACES:
            self._count = max(0, self._count - 1)
            self._digits[self._count] = 0
        elif self._count < PIN_DIGITS:
            self._digits[self._count] = key
            self._count += 1
        self._draw()
        return None

    # --- glass

    def _draw(self) -> None:
        view = self._view
        if view is None:
            return
        self._clean = False
        rows = [*view.banner.split("\n"), "", *view.title.split("\n"), "─" * COLUMNS, *view.lines]
        rows += [
            _choice_row(choice.key, choice.label, choice.selected, choice.available, view) for choice in view.choices
        ]
        if view.waits_for is InputKind.DIGITS:
            rows += ["", "  " + "●" * self._count + "○" * (PIN_DIGITS - self._count)]
        rows += ["", *f"⚠ {view.warning}".split("\n")] if view.warning else [""]
        rows.append(_footer(view))
        folded = [line for row in rows for line in _folded(row)]
        # The name of the screen comes last: whoever sees it has seen the whole frame.
        self._write(f"{_CLEAR}" + "\r\n".join(folded) + f"\r\n\x1b]2;honnin {view.screen}\x07")

    def _write(self, text: str) -> None:
        """Write all of it within ``_WRITE_S``, or raise ``OSError``."""
        content = text.encode()
        glass = self._unblocked_glass()
        ready = select.poll()
        ready.register(glass, select.POLLOUT)
        until_s = time.monotonic() + _WRITE_S
        while content:
            left_ms = round((until_s - time.monotonic()) * 1000)
            if left_ms <= 0 or not ready.poll(left_ms):
                raise OSError(errno.EIO, "the terminal takes no output")
            with suppress(BlockingIOError):
                content = content[os.write(glass, content[:_PIECE_BYTES]) :]

    def _unblocked_glass(self) -> int:
        # A description of our own: to unblock the given one would unblock the shell's too.
        if self._own_glass is None:
            with suppress(OSError):
                self._own_glass = os.open(os.ttyname(self._glass), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        return self._glass if self._own_glass is None else self._own_glass


def _folded(row: str) -> list[str]:
    """``row`` in lines of at most 80 columns, broken between words where there are any; wide characters count two."""
    if cell_len(row) <= COLUMNS:
        return [row]
    return [line.plain.rstrip() for line in Text(row).wrap(_RULER, COLUMNS)]


def _choice_row(key: str, label: str, selected: bool, available: bool, view: View) -> str:
    mark = ("[x] " if selected else "[ ] ") if view.waits_for is InputKind.SELECTION else ""
    return f"  {key}  {mark}{label}" if available else f"  {key}  {mark}({label})"


def _footer(view: View) -> str:
    keys = [
        f"[Enter] {view.ok_label}" if view.ok_label or view.waits_for is InputKind.DIGITS else "",
        f"[b] {view.back_label}" if view.back_label else "",
        f"[x] {view.cancel_label}" if view.cancel_label else "",
    ]
    line = "   ".join(key.rstrip() for key in keys if key)
    room = COLUMNS - cell_len(line) - len(view.screen)
    return line + " " * room + view.screen if room > 0 else line
