"""The emulated coin mechanism, put together: on a pty for ``honnin sim coins``, or in process with the real driver."""

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import Field

from simulator.devices.coins.faults import WORDS
from simulator.devices.coins.model import HOPPERS, CoinsModel
from simulator.devices.coins.wire import CoinsWire, readdressed
from simulator.devices.emulation import Action, Arguments, Emulation
from simulator.devices.line_faults import LineFaults
from simulator.devices.serial_device import LoopLine
from terminal.clock import Clock
from terminal.devices.coins.driver import CcTalkCoins, CoinsProfile, HopperSetting

NAME = "coin mechanism"
_Coins = Annotated[int, Field(ge=0, le=10_000)]


class Coin(Arguments):
    """What is put into the slot."""

    coin_yen: Annotated[int, Field(gt=0, le=500)]


class Hopper(Arguments):
    """Which hopper, by its address."""

    hopper: int


class Filling(Hopper):
    """How many coins go into it."""

    coins: _Coins


def profile() -> CoinsProfile:
    """What a driver of this mechanism is set up with."""
    return CoinsProfile(hoppers=tuple(HopperSetting(address, coin_yen) for address, coin_yen in HOPPERS.items()))


def build(clock: Clock, seed: int = 0) -> Emulation:
    """A full mechanism; nothing in it is random (``seed``)."""
    return emulation_of(CoinsModel(clock), clock)


def emulation_of(model: CoinsModel, clock: Clock) -> Emulation:
    """The emulation around a model that somebody else looks at, too."""
    actions = {
        "insert": Action("put a coin into the slot", lambda coin: model.insert(coin.coin_yen), Coin),
        "take": Action("take the coins out of the tray", lambda _: model.take()),
        "fill": Action("put coins into a hopper", lambda filling: model.fill(filling.hopper, filling.coins), Filling),
        "empty": Action("take all coins out of a hopper", lambda which: model.empty(which.hopper), Hopper),
        "unjam": Action("free every path", lambda _: model.unjam()),
    }
    return Emulation(
        NAME,
        CoinsWire(model, clock),
        model.plan,
        WORDS,
        actions,
        lambda: panel_of(model),
        model.heal,
        echo=True,
        readdress=readdressed,
    )


def panel_of(model: CoinsModel) -> Mapping[str, object]:
    """What a look at the mechanism tells."""
    model.work()
    acceptor = model.acceptor
    return {
        "tray_yen": sum(model.tray),
        "cashbox_yen": sum(acceptor.cashbox),
        "kept_yen": model.kept_yen,
        "stuck_yen": acceptor.stuck,
        "event_counter": acceptor.counter,
        "accepted_total": acceptor.accepted_total,
        "takes_yen": [coin_yen for coin_yen in (10, 50, 100, 500) if acceptor.takes(coin_yen)],
        "hoppers": {
            str(address): {"coin_yen": hopper.coin_yen, "coins": hopper.coins, "to_pay": hopper.remaining}
            for address, hopper in model.hoppers.items()
        },
    }


def loop_coins(
    clock: Clock, wait: Callable[[float], None], model: CoinsModel | None = None
) -> tuple[CcTalkCoins, CoinsModel, LoopLine]:
    """The real driver in process with ``model`` (a full one by default), under the caller's time."""
    model = model or CoinsModel(clock)
    line = LoopLine(CoinsWire(model, clock), clock, wait, LineFaults(readdress=readdressed), echo=True)
    return CcTalkCoins(line, clock, wait, profile()), model, line
