"""``honnin sim coins|notes|pinpad|lamp|receipt`` and ``honnin sim control``: the emulated devices on serial lines."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from simulator.devices.emulation import Emulation

_Pty = Annotated[Path, typer.Option("--pty", help="the link to make: drivers open it as a serial port")]
_Seed = Annotated[int, typer.Option(help="seed of what a line fault does: which byte, which bit")]
_Home = Annotated[Path | None, typer.Option("--home", help="simulator home [default: $HONNIN_HOME or ./var]")]


class EmulatorCommand(TyperCommand):
    """A command whose help lists what can be done to its device at run time, read from the emulator itself."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """See click's ``Command.format_help``."""
        from simulator.devices.emulation import help_of

        build = _BUILDERS[self.name or ""]
        orders = "\n\n".join(help_of(build()))
        self.epilog = f"At run time: honnin sim control LINK ORDER KEY=VALUE …\n\n{orders}"
        super().format_help(ctx, formatter)


def _coins(seed: int = 0) -> "Emulation":
    from simulator.devices.coins.emulator import build
    from terminal.clock import SystemClock

    return build(SystemClock(), seed)


def _notes(seed: int = 0) -> "Emulation":
    from simulator.devices.notes.emulator import build
    from terminal.clock import SystemClock

    return build(SystemClock(), seed)


def _pinpad(seed: int = 0, key_folder: Path | None = None) -> "Emulation":
    from simulator.devices.pin_pad.emulator import build
    from terminal.clock import SystemClock

    return build(SystemClock(), seed, key_folder=key_folder)


def _lamp(seed: int = 0) -> "Emulation":
    from simulator.devices.signal_tower.emulator import build
    from terminal.clock import SystemClock

    return build(SystemClock(), seed)


def _receipt(seed: int = 0, out: Path | None = None) -> "Emulation":
    from simulator.devices.receipt_printer.emulator import build
    from terminal.clock import SystemClock

    return build(SystemClock(), seed, out=out)


_BUILDERS: "dict[str, Callable[[], Emulation]]" = {
    "coins": _coins,
    "notes": _notes,
    "pinpad": _pinpad,
    "lamp": _lamp,
    "receipt": _receipt,
}


def _run(emulation: "Emulation", link: Path, seed: int) -> None:
    from simulator.devices.serial_command import run_emulator

    raise typer.Exit(run_emulator(emulation, link, seed))


def coins(pty: _Pty, seed: _Seed = 0) -> None:
    """Run a ccTalk coin mechanism: acceptor and hoppers on one bus (docs/protocols/cctalk.md)."""
    _run(_coins(seed), pty, seed)


def notes(pty: _Pty, seed: _Seed = 0) -> None:
    """Run a JCM ID-003 note validator (docs/protocols/id003.md)."""
    _run(_notes(seed), pty, seed)


def pinpad(pty: _Pty, seed: _Seed = 0, home: _Home = None) -> None:
    """Run a PIN pad with a throw-away identity key (docs/protocols/pin-pad.md)."""
    from simulator.home import Home

    _run(_pinpad(seed, Home.locate(home).root / "pin-pad"), pty, seed)


def lamp(pty: _Pty, seed: _Seed = 0) -> None:
    """Run a signal tower (docs/protocols/signal-tower.md)."""
    _run(_lamp(seed), pty, seed)


_SLIPS: Final = Path("out/slips")


def receipt(
    pty: _Pty,
    out: Annotated[Path, typer.Option(file_okay=False, help="folder that slips come out into, as PNG")] = _SLIPS,
    seed: _Seed = 0,
) -> None:
    """Run an ESC/POS receipt printer that draws its slips (docs/protocols/receipt-printer.md)."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.stderr.write(f"expected a folder for slips at {out}: {error.strerror}; name another with --out\n")
        raise typer.Exit(1) from None
    _run(_receipt(seed, out), pty, seed)


def control(
    link: Annotated[Path, typer.Argument(help="the link of a running emulator")],
    order: Annotated[str, typer.Argument(help="what to do: look, heal, add-fault, unplug, plug, … (see its --help)")],
    arguments: Annotated[list[str] | None, typer.Argument(help="KEY=VALUE …")] = None,
) -> None:
    """Tell a running emulator what to do, and print its panel as JSON; exit code 1 when it refuses."""
    from simulator.devices.control_socket import control as give
    from simulator.devices.control_socket import socket_path
    from simulator.devices.emulation import ControlRefusedError

    try:
        panel = give(link, order, **dict(_argument(text) for text in arguments or []))
    except ControlRefusedError as error:
        sys.stderr.write(f"refused: {error}\n")
        raise typer.Exit(1) from None
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        sys.stderr.write(f"expected a running emulator at {socket_path(link)}: {detail}; start it with --pty {link}\n")
        raise typer.Exit(1) from None
    typer.echo(json.dumps(panel, ensure_ascii=False, indent=2))


def _argument(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise typer.BadParameter(f"expected KEY=VALUE, came {text!r}")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def register(app: typer.Typer) -> None:
    """Put the commands into ``honnin sim``."""
    for name, command in (("coins", coins), ("notes", notes), ("pinpad", pinpad), ("lamp", lamp), ("receipt", receipt)):
        app.command(name, cls=EmulatorCommand)(command)
    app.command("control")(control)
