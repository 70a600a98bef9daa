"""What a person reads on a console: the frames that the service draws on its pty, as views; and the keys that they press.

The other end is ``terminal.devices.screen.console``: a frame begins with a clearing and ends with a window title (OSC 2).
"""

import re
from typing import Final

from rich.cells import cell_len

from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    InputKind,
    OkPressed,
    PersonInput,
    View,
    ViewChoice,
)
from terminal.devices.screen.console import COLUMNS, PIN_DIGITS

_TITLE: Final = re.compile(rb"\x1b\]2;honnin ([a-z_]+)\x07")
CLEARED: Final = b"\x1b[2J"
"""Where a frame begins."""
_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_RULE: Final = "─" * COLUMNS
_CHOICE: Final = re.compile(r"  (\S)  (\[[ x]\] )?(.*)")
_DOTS: Final = re.compile(r"  [●○]+")
_WARNING: Final = "⚠ "
_KEPT_BYTES: Final = 1 << 16
_ENTERS: Final = "\r\n"
_BACKSPACES: Final = "\x7f\x08"


class FrameReader:
    """Takes a console's output in pieces and gives its frames."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, part: bytes) -> list[View]:
        """The frames that are whole now."""
        self._rest += part
        views, done = [], 0
        for title in _TITLE.finditer(self._rest):
            start = self._rest.rfind(CLEARED, done, title.start())
            text = self._rest[max(start, done) : title.start()].decode(errors="replace")
            views.append(view_of(title.group(1).decode(), _CONTROL.sub("", text)))
            done = title.end()
        self._rest = self._rest[done:][-_KEPT_BYTES:]
        return views


def view_of(screen: str, text: str) -> View:
    """The view that was drawn as ``text``."""
    rows = text.replace("\r", "").strip("\n").split("\n")
    rule = rows.index(_RULE) if _RULE in rows else -1
    above, below = rows[: max(rule, 0)], rows[rule + 1 :]
    footer = below.pop() if below else ""
    blank = above.index("") if "" in above else 0
    warning = _warning(below)
    choices, lines = _choices(below)
    return View(
        screen,
        title="\n".join(above[blank + 1 :]),
        lines=lines,
        choices=choices,
        waits_for=_waits_for(below, footer),
        back_label="back" if "[b]" in footer else "",
        cancel_label="cancel" if "[x]" in footer else "",
        warning=warning,
        banner="\n".join(above[:blank]),
    )


def _warning(rows: list[str]) -> str:
    """Cut the warning off the end of ``rows``."""
    start = next((place for place, row in enumerate(rows) if row.startswith(_WARNING)), None)
    if start is None:
        return ""
    told = "\n".join(rows[start:]).removeprefix(_WARNING)
    del rows[start:]
    return told


def _waits_for(rows: list[str], footer: str) -> InputKind:
    found = [match for row in rows if (match := _CHOICE.fullmatch(row))]
    if any(_DOTS.fullmatch(row) for row in rows):
        return InputKind.DIGITS
    if found:
        return InputKind.SELECTION if found[0].group(2) else InputKind.CHOICE
    return InputKind.CONFIRMATION if "[Enter]" in footer else InputKind.NOTHING


def _choices(rows: list[str]) -> tuple[tuple[ViewChoice, ...], tuple[str, ...]]:
    """Choices and lines; a row that was folded is one again."""
    lines: list[str] = []
    choices: list[tuple[str, str, str]] = []
    for row in rows:
        match = _CHOICE.fullmatch(row)
        if match:
            choices.append((match.group(1), match.group(2) or "", match.group(3)))
        elif choices and row and not _DOTS.fullmatch(row):
            key, mark, label = choices[-1]
            choices[-1] = (key, mark, _joined(label, row))
        elif row and not _DOTS.fullmatch(row):
            lines.append(row)
    return tuple(ViewChoice(key, label, selected="x" in mark) for key, mark, label in choices), tuple(lines)


def _joined(label: str, row: str) -> str:
    """Rows are folded between words, where the blank is lost, or within Japanese."""
    wide = cell_len(label[-1:]) > 1 and cell_len(row[:1]) > 1
    return f"{label}{row}" if wide else f"{label} {row}"


def keys_of(pressed: PersonInput) -> str:
    """What is typed on the console for ``pressed``; digits are wiped where they came from."""
    match pressed:
        case DigitsEntered(digits=digits):
            typed = digits.decode("ascii")
            digits[:] = bytes(len(digits))
            return f"{typed}\n"
        case ChoicePressed(key=key):
            return key
        case OkPressed():
            return "\n"
        case BackPressed():
            return "b"
        case CancelPressed():
            return "x"


class KeyReader:
    """What typed keys mean on the view that is up, as the console itself takes them; of digits it only counts how many."""

    def __init__(self) -> None:
        self._digits = 0
        self._screen = ""

    def pressed(self, key: str, view: View) -> PersonInput | None:
        """What one key was; ``DigitsEntered`` comes without digits."""
        if view.screen != self._screen:
            self._digits, self._screen = 0, view.screen
        if view.waits_for is InputKind.DIGITS and (key in _ENTERS or key in _BACKSPACES or key.isdecimal()):
            return self._digit(key)
        if key in _ENTERS:
            return OkPressed()
        if key == "b" and view.back_label:
            return BackPressed()
        if key == "x" and view.cancel_label:
            return CancelPressed()
        return ChoicePressed(key) if any(choice.key == key for choice in view.choices) else None

    def _digit(self, key: str) -> PersonInput | None:
        if key in _BACKSPACES:
            self._digits = max(0, self._digits - 1)
        elif key not in _ENTERS:
            self._digits = min(PIN_DIGITS, self._digits + 1)
        elif self._digits == PIN_DIGITS:
            self._digits = 0
            return DigitsEntered(bytearray())
        return None
