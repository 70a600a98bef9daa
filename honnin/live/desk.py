"""The control channels that a recorded session has besides its emulators': for the card, the tray, the payment and the line."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.control_socket import ControlSocket
from simulator.devices.emulation import SPECIMEN, ControlRefusedError

Deed = Callable[[Mapping[str, object]], None]
LINKS: Final = ("card", "tray", "payment", "line")


@dataclass(frozen=True, slots=True)
class Desk:
    """Obeys ``{"do": NAME, …}`` for one thing; a deed raises ``ControlRefusedError`` or ``ValueError`` for what cannot be."""

    name: str
    deeds: Mapping[str, Deed]
    panel: Callable[[], Mapping[str, object]]

    def obey(self, order: Mapping[str, object]) -> dict[str, object]:
        """See ``control_socket.Panel.obey``."""
        do = str(order.get("do", ""))
        if do != "look":
            deed = self.deeds.get(do)
            if deed is None:
                known = ", ".join((*self.deeds, "look"))
                raise ControlRefusedError(f"expected one of the orders of {self.name} ({known}), came {do!r}")
            deed({key: value for key, value in order.items() if key != "do"})
        return {"specimen": SPECIMEN, "device": self.name, **self.panel()}


def profile_in(arguments: Mapping[str, object]) -> str:
    """The card that is to be laid down; raise ``ControlRefusedError`` for one that there is not."""
    profile = str(arguments.get("profile", ""))
    if profile not in PROFILES:
        raise ControlRefusedError(f"expected profile=NAME, one of {', '.join(PROFILES)}; came {profile!r}")
    return profile


def kind_in(arguments: Mapping[str, object], kinds: tuple[str, ...]) -> str:
    """The fault that is to be; raise ``ControlRefusedError`` for another than ``kinds``, or one that is to come later."""
    kind = str(arguments.get("kind", ""))
    if kind not in kinds or set(arguments) != {"kind"}:
        raise ControlRefusedError(f"expected kind=KIND alone, one of {', '.join(kinds)}; came {dict(arguments)}")
    return kind


def serving(stack: ExitStack, folder: Path, desks: Mapping[str, Desk]) -> None:
    """Serve each of ``desks`` beside the emulators' links in ``folder``, until ``stack`` is closed."""
    for name, desk in desks.items():
        stack.enter_context(ControlSocket(desk, folder / name))
