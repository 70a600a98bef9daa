"""A person at a console terminal: looks at what the service shows on its pty and types.

The screen that is up is read from the window title (OSC 2), which the console screen sets with each frame; what a person reads is
the frame itself. Used by the demo and by tests that drive the real service from outside.
"""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_TITLE: Final = re.compile(rb"\x1b\]2;honnin ([a-z_]+)\x07")
_TITLE_BEGINS: Final = b"\x1b]2;honnin "
_CLEARED: Final = b"\x1b[2J"
_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_KEPT_BYTES: Final = 1 << 16
_ROWS_COLUMNS: Final = (30, 80)


def _dying_with_us(command: list[str]) -> list[str]:
    """``command`` under util-linux's ``setpriv``, which has the kernel send SIGTERM when whoever started it ends (prctl(2)).

    What ends is the *thread* that started it: from any other than the main one a service would be ended with its customers, so
    there, and where no ``setpriv`` is, it is started as it stands. No ``preexec_fn``: Python between fork and exec may hang where
    other threads run. Whoever is killed within the millisecond before ``setpriv`` has asked leaves the service behind.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None or threading.current_thread() is not threading.main_thread():
        return command
    return [setpriv, "--pdeathsig", "TERM", *command]


class ScreenNeverShownError(AssertionError):
    """The screen that was waited for did not come; the text holds what was there instead."""


class Typist:
    """Runs ``command`` on a pty of its own, its standard error going to ``log``, and plays the person in front of it.

    ``heard`` is handed everything that comes, in pieces, when it is looked at. Where this process is killed, the kernel ends the
    service with SIGTERM, so that none is left holding devices; see ``_dying_with_us``.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        environment: dict[str, str] | None = None,
        heard: Callable[[bytes], object] = lambda part: None,
    ) -> None:
        self._log = log
        self._heard = heard
        self._master, slave = pty.openpty()
        os.set_inheritable(slave, True)
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                _dying_with_us([str(part) for part in command]),
                stdin=slave,
                stdout=slave,
                stderr=errors,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )
        os.close(slave)
        self._output = b""
        self.screens: list[str] = []
        self._pressed_at = 0

    @property
    def pid(self) -> int:
        """The process id of the service (its supervisor)."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the service is no more."""
        return self._process.poll() is not None

    def fileno(self) -> int:
        """The person's end of the pty, for ``select``."""
        return self._master

    def look(self) -> None:
        """Take in what is there, without waiting."""
        self._look(0)

    def errors(self) -> str:
        """The end of what the service wrote on its standard error."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-4000:]

    @property
    def screen(self) -> str:
        """The name of the screen that is up now, "" before the first."""
        self._look(0)
        return self.screens[-1] if self.screens else ""

    @property
    def frame(self) -> str:
        """What can be read on the screen now: the last frame that has come whole."""
        self._look(0)
        end = self._output.rfind(_TITLE_BEGINS)
        start = self._output.rfind(_CLEARED, 0, max(end, 0))
        text = self._output[max(start, 0) : max(end, 0)].decode(errors="replace")
        return _CONTROL.sub("", text).replace("\r\n", "\n").strip("\n")

    def wait_for(self, *screens: str, timeout_s: float = 20.0) -> str:
        """Look until one of ``screens`` is up; return its name, raise ``ScreenNeverShownError``."""
        deadline_s = time.monotonic() + timeout_s
        while self.screen not in screens:
            if time.monotonic() > deadline_s or self._process.poll() is not None:
                raise ScreenNeverShownError(
                    f"expected screen {' or '.join(screens)} within {timeout_s:g} s; shown so far: "
                    f"{' > '.join(self.screens[-12:])}\n{self.frame}\n{self.errors()}"
                )
            self._look(0.05)
        return self.screen

    def mark(self) -> None:
        """A key is about to be pressed elsewhere, on a PIN pad for example: ``wait_until_shown`` looks from here on."""
        self._look(0)
        self._pressed_at = len(self.screens)

    def press(self, keys: str) -> None:
        """Press keys; Enter is a line feed."""
        self.mark()
        os.write(self._master, keys.encode())

    def wait_until_shown(self, screen: str, timeout_s: float = 20.0) -> None:
        """Look until ``screen`` has been up since the last key, however shortly; raise ``ScreenNeverShownError``."""
        deadline_s = time.monotonic() + timeout_s
        while screen not in self.screens[self._pressed_at :]:
            if time.monotonic() > deadline_s or self._process.poll() is not None:
                raise ScreenNeverShownError(f"expected {screen} within {timeout_s:g} s\n{self.frame}\n{self.errors()}")
            self._look(0.05)

    def stop(self, timeout_s: float = 10.0) -> int:
        """End the service with SIGTERM (SIGKILL if it does not obey); return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        deadline_s = time.monotonic() + timeout_s
        while self._process.poll() is None and time.monotonic() < deadline_s:
            self._look(0.05)
        if self._process.poll() is None:
            self._process.kill()
        return self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        os.close(self._master)

    def _look(self, wait_s: float) -> None:
        while select.select([self._master], [], [], wait_s)[0]:
            try:
                part = os.read(self._master, 1 << 14)
            except OSError:
                return
            if not part:
                return
            self._heard(part)
            before = self._output[-64:]
            known = len(_TITLE.findall(before))
            self.screens += [name.decode() for name in _TITLE.findall(before + part)[known:]]
            self._output = (self._output + part)[-_KEPT_BYTES:]
            wait_s = 0
