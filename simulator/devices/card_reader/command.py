"""What ``honnin sim card`` does: lays a card on a vpcd slot, tells what it is, and lifts it off when interrupted."""

import sys
import threading
from pathlib import Path

from simulator.devices.card_reader.personalisation import load_card
from simulator.devices.card_reader.profiles import DEFAULT_PROFILE, PROFILES, Profile, profile
from simulator.devices.card_reader.vpcd_frames import DEFAULT_HOST, DEFAULT_PORT
from simulator.devices.card_reader.wire import NO_DELAYS, CardSlot, Delays
from simulator.home import Home
from terminal.errors import HonninError

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2

_POLL_S = 0.5


def list_cards() -> str:
    """Every profile with one line on what it is."""
    width = max(map(len, PROFILES))
    lines = ["見本 / SPECIMEN - emulated cards of invented residents:"]
    for entry in PROFILES.values():
        mark = " (default)" if entry.name == DEFAULT_PROFILE else ""
        lines.append(f"  {entry.name:<{width}}  {entry.summary}{mark}")
    return "\n".join(lines)


def run_card(
    profile: str,
    host: str,
    port: int,
    home: Path,
    insert_delay_ms: int = 0,
    *,
    delays: Delays = NO_DELAYS,
    stop: threading.Event | None = None,
) -> int:
    """Keep card ``profile`` on the slot at ``host:port`` until Ctrl-C, ``stop``, or for good; the exit code.

    0 when lifted off (Ctrl-C is the way to do it), 2 for an unknown profile (they are listed), 1 when no vpcd listens or the
    home is unusable.
    """
    chosen = _chosen(profile)
    if chosen is None:
        return EXIT_USAGE
    end = stop or threading.Event()
    try:
        return _lay_down(chosen, CardSlot(host, port, delays=delays), Home(home), insert_delay_ms / 1000, end)
    except HonninError as error:
        print(error, file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("\nthe card was lifted off")
        return EXIT_DONE


def _chosen(name: str) -> Profile | None:
    try:
        return profile(name)
    except HonninError as error:
        print(error.failure.code + f": there is no card profile {name!r}", file=sys.stderr)
        print(list_cards(), file=sys.stderr)
        return None


def _lay_down(chosen: Profile, slot: CardSlot, home: Home, delay_s: float, end: threading.Event) -> int:
    card = load_card(home, chosen.name)
    print("見本 / SPECIMEN - an emulated card of an invented resident, not a My Number Card")
    print(f"  profile   {chosen.name}: {chosen.summary}")
    print(f"  secrets   PIN {chosen.pin}, text PIN {chosen.text_pin}, signing password {chosen.signing_password}")
    print(f"  counters  kept in {home.root / 'cards' / chosen.name}; delete that folder for a new card", flush=True)
    if end.wait(delay_s):
        return EXIT_DONE
    with slot:
        slot.insert(card)
        print(f"the card lies on {slot.host}:{slot.port}; Ctrl-C lifts it off", flush=True)
        while not end.wait(_POLL_S):
            pass
    print("the card was lifted off")
    return EXIT_DONE


__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "list_cards", "run_card"]
