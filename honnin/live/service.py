"""The console of a real terminal service in a live run: what it shows, what that means, and the keys that are pressed."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Final

from honnin.demo.world import Fitting, World
from honnin.live.frames import CLEARED, FrameReader, keys_of
from simulator.observer import code_of
from simulator.people.typist import Typist
from simulator.visiting import VisitorScreen
from terminal.devices.screen.api import PersonInput, View
from terminal.fsm.states import State

_HOME_SCREENS: Final = {
    "welcome": State.IDLE,
    "out_of_service": State.OUT_OF_SERVICE,
    "stopped": State.STOPPED_FOR_FINDING,
}
_SITUATIONS: Final = {
    State.IDLE: "ready",
    State.OUT_OF_SERVICE: "out of service",
    State.STOPPED_FOR_FINDING: "stopped for a finding",
}
_KEPT_BYTES: Final = 1 << 14


class LiveService(ABC):
    """The service in ``world``, with whoever stands before its ``glass``; ``sessions`` counts those that are over."""

    def __init__(self, world: World, screen: VisitorScreen) -> None:
        self.world = world
        self.glass = screen
        self.glass.listen(self._press)
        self.on_frame: Callable[[View], None] = lambda view: None
        self.on_output: Callable[[bytes], object] = lambda part: None
        self.sessions = 0
        self.may_end = False
        self._frames = FrameReader()
        self._unread: list[View] = []
        self._drawn = b""
        self._state = State.RESETTING
        self._in_session = False
        self._booting = True
        self._first: View | None = None
        self._typist: Typist | None = None

    @abstractmethod
    def came_home(self, situation: str, code: str) -> None:
        """The terminal began to take customers, or ceased to (``situation`` as in ``ServiceSeen``)."""

    @property
    def fitting(self) -> Fitting:
        """What this terminal has."""
        return self.world.fitting

    @property
    def typist(self) -> Typist:
        """The service's console; raise ``RuntimeError`` before it is started."""
        if self._typist is None:
            raise RuntimeError("the service was not started")
        return self._typist

    @contextlib.contextmanager
    def started(self) -> Iterator[None]:
        """The service runs; at the end it is stopped in order."""
        with self.world.terminal(self._heard) as self._typist:
            yield

    def _heard(self, part: bytes) -> None:
        self.on_output(part)
        self._drawn = (self._drawn + part)[-_KEPT_BYTES:]
        self._unread += self._frames.feed(part)

    def look_at_console(self) -> None:
        """Take in what was drawn; raise ``RuntimeError`` when the service is gone."""
        self.typist.look()
        if self.typist.ended and not self._unread and not self.may_end:
            raise RuntimeError(f"the service of {self.fitting.terminal_id} ended by itself: {self.typist.errors()}")

    def act_on_frames(self) -> None:
        """Act on what was taken in."""
        views, self._unread = self._unread, []
        if self._booting:
            # What a service says until its devices have come up is no part of the run.
            self._first = views[-1] if views else self._first
            return
        for view in views:
            self.on_frame(view)
            self._see(view)

    def _see(self, view: View) -> None:
        state = _HOME_SCREENS.get(view.screen)
        if state is not None and (self._in_session or state is not self._state):
            if self._in_session:
                self.sessions += 1
            self._in_session, self._state = False, state
            self._show(view)
            self.came_home(_SITUATIONS[state], code_of(view))
            return
        if state is None:
            self._in_session = self._in_session or view.screen != "resetting"
            self._state = State.SERVING
        self._show(view)

    def _show(self, view: View) -> None:
        self.glass.show(view)

    @property
    def drawn(self) -> bytes:
        """The frame that is up, as it was drawn."""
        return self._drawn[max(0, self._drawn.rfind(CLEARED)) :]

    def is_up(self, *, ready: bool = True) -> bool:
        """Whether the service has come up and takes customers; with ``ready`` False, or says why not."""
        known = ("welcome",) if ready else tuple(_HOME_SCREENS)
        return self._first is not None and self._first.screen in known

    def begin(self) -> None:
        """The run begins: from now on what is shown is seen, what stands there first."""
        self._booting = False
        if self._first is not None:
            self._see(self._first)

    @property
    def in_session(self) -> bool:
        """Whether somebody is being served."""
        return self._in_session

    def situation(self) -> State:
        """What is the case, by what the screen says."""
        return self._state

    def is_over(self, sessions_before: int) -> bool:
        """Whether a session that was to come after ``sessions_before`` others is over, or cannot come."""
        if self._in_session:
            return False
        stopped = self._state in (State.OUT_OF_SERVICE, State.STOPPED_FOR_FINDING)
        return self.sessions > sessions_before or stopped

    def _press(self, pressed: PersonInput) -> None:
        self.typist.press(keys_of(pressed))
