"""What every run of a fleet on this machine stands on: throw-away keys, made once in a home of their own and loaded once.

A nation has neither a key pair a card nor a key a terminal here: a hundred thousand RSA keys take hours and prove nothing.
Cards share a small pool of key pairs (each person still has a certificate and serial of their own), municipalities share
the keys of sixteen codes, terminals those of as many ids as a district has shops. No line of a history depends on any key.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from printer_templates.certificate import warm_up
from simulator import pki as card_pki
from simulator.centre import pki as centre_pki
from simulator.fleet.country import SHOPS_A_DISTRICT
from simulator.home import Home
from simulator.plan import START
from simulator.trusting import Trust, trusts_of

KEYS: Final = 16
MUNICIPALITY_CODES: Final = tuple(f"99{number}" for number in range(301, 317))
"""Beyond the real codes, and other than those of the stories."""
TERMINAL_IDS: Final = tuple(f"SPECIMEN-{number:02d}" for number in range(1, SHOPS_A_DISTRICT + 2))
FOLDER: Final = "fleet"
"""Within the simulator's home."""


@dataclass(frozen=True, slots=True, repr=False)
class Ground:
    """The keys of one home, ready for use."""

    home: Home
    cards: card_pki.CardPki
    centre: centre_pki.CentrePki
    pool: tuple[rsa.RSAPrivateKey, ...]
    trusts: dict[str, Trust]
    """By terminal."""


@lru_cache(maxsize=2)
def ground(root: Path) -> Ground:
    """The ground in the home at ``root``, made at the first call on this machine (2 s), and everything warm.

    :raises HomeError: the home cannot be written, or holds something else than what was made there.
    """
    home = Home(root / FOLDER)
    cards = card_pki.load_or_create(home, START)
    centre = centre_pki.load_or_create(home, MUNICIPALITY_CODES, START)
    pool = home.publish("card-keys", _make_pool)
    warm_up()
    return Ground(
        home=home,
        cards=cards,
        centre=centre,
        pool=tuple(card_pki.load_key(pool / f"{number}.pem") for number in range(KEYS)),
        trusts=trusts_of(home, centre, TERMINAL_IDS),
    )


def issued_at() -> datetime:
    """When every card of a fleet was issued."""
    return START.replace(year=START.year - 1)


def _make_pool(draft: Path) -> None:
    for number in range(KEYS):
        card_pki.store_key(draft / f"{number}.pem", card_pki.make_key())
