"""What can be seen from outside of terminals, servers and registers, as values: the lines of a history.

Nothing here comes from the terminal's own word: cards, trays, tills, screens and registers are looked at. The exceptions say so
in their docstrings. ``terminal`` is a terminal's id, ``person`` a visitor's number in this run, ``resident`` a key of the
registers. No line depends on keys, request ids or other random values of the terminal: the same run gives the same history.
"""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from simulator.page_seen import PageSeen as PageSeen

# --- the run


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run: the seed, a name for its plan, and the terminals in it."""

    seed: int
    plan: str
    terminals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """``safety``: anything may break. ``liveness``: all is healed, and ``within_s`` later every terminal must be idle."""

    phase: str
    within_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FaultArmed:
    """Something was made to go wrong: ``target`` is a device, server or person, ``fault`` its kind, ``when`` in words."""

    terminal: str
    target: str
    fault: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class FaultHealed:
    """Everything of ``target`` was put right; empty means all targets."""

    terminal: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over; ``complete`` False when it was stopped or broke, so that absence proves nothing."""

    complete: bool = True
    why: str = ""


# --- the registers' truth


@dataclass(frozen=True, slots=True)
class ResidentKnown:
    """A resident in the register, at the start or since a change: the whole truth about them from now on.

    ``seal`` is ``none``, ``registered`` or ``cancelled``, ``seal_number`` its registration's number where there is one (empty:
    not told); ``restricted`` the reason why nothing may be issued to them, or empty.
    """

    resident: str
    name: str
    address: str
    birth_date: str
    sex: str
    household: str
    municipality: str
    my_number: str
    seal: str
    restricted: str = ""
    seal_number: str = ""


# --- the servers, for stories


@dataclass(frozen=True, slots=True)
class ServerDid:
    """What an issuing server did: ``what`` the event's kind, ``told`` in words; ``request`` by its number in the run.

    Where it handed a content over: ``resident`` is whose it was, ``due`` whose request it answered, ``terminal`` where that came
    from. Another ``resident`` than ``due`` is a wrong-person content.
    """

    server: str
    what: str
    told: str
    request: int = 0
    resident: str = ""
    due: str = ""
    terminal: str = ""


# --- at the terminal: people and cards


@dataclass(frozen=True, slots=True)
class PersonCame:
    """Somebody stands in front of the terminal; ``resident`` is who they are, ``waited_s`` how long they queued for it."""

    terminal: str
    person: int
    resident: str
    waited_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """They went; ``why`` is ``served``, ``sent away``, ``walked away`` or ``tired of waiting``."""

    terminal: str
    person: int
    why: str


@dataclass(frozen=True, slots=True)
class CardLaid:
    """A card lies on the reader: the card of ``resident``, laid down by ``person``."""

    terminal: str
    person: int
    resident: str


@dataclass(frozen=True, slots=True)
class CardLifted:
    """The reader is empty again."""

    terminal: str
    person: int


@dataclass(frozen=True, slots=True)
class PinTyped:
    """A person entered a PIN: how many times so far in this visit."""

    terminal: str
    person: int
    times: int


@dataclass(frozen=True, slots=True)
class PinTried:
    """The card was given a PIN, by its own counters: ``application`` is ``authentication`` or ``text``.

    ``confirmed`` is whether the screen had warned that it was the last try before this person typed.
    """

    terminal: str
    person: int
    resident: str
    application: str
    tries_before: int
    tries_after: int
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ScreenShown:
    """The screen changed: its name, the code it tells, the names of residents on it, and whether it says SPECIMEN."""

    terminal: str
    person: int
    screen: str
    reason: str = ""
    residents: tuple[str, ...] = ()
    specimen: bool = True


# --- at the terminal: money


@dataclass(frozen=True, slots=True)
class MoneyInserted:
    """A coin or note went in and stayed in."""

    terminal: str
    person: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class MoneyCameOut:
    """Coins or notes came out, as change or refund."""

    terminal: str
    person: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class SlipCame:
    """A slip came out: ``receipt``, ``bill``, ``refund`` or ``claim``, over ``amount_yen``; ``void`` takes the last one back."""

    terminal: str
    person: int
    slip: str
    amount_yen: int


@dataclass(frozen=True, slots=True)
class BooksRead:
    """The terminal's own books, read from outside between customers: what they say they kept and owe, in all.

    ``overpaid_yen``: what devices gave out beyond what was owed; ``unknown_coins``: coins inside of which nobody knows the value.
    """

    terminal: str
    kept_yen: int
    owed_yen: int
    overpaid_yen: int = 0
    unknown_coins: int = 0


# --- at the terminal: paper


@dataclass(frozen=True, slots=True)
class SheetsCame:
    """Sheets lie in the tray: ``delivery`` counts in this run; ``sides`` of ``sides_asked`` came out."""

    terminal: str
    person: int
    delivery: int
    sides: int
    sides_asked: int
    pages: tuple[PageSeen, ...]


@dataclass(frozen=True, slots=True)
class SheetsTaken:
    """A person took what lay in the tray; 0 is the staff."""

    terminal: str
    person: int
    delivery: int


# --- between customers


@dataclass(frozen=True, slots=True)
class Emptiness:
    """What is left of anybody when the terminal says that it is ready, looked at in the devices: ``docs/checkers.md``, P2."""

    sheets: int = 0
    jobs: int = 0
    card: bool = False
    escrow_yen: int = 0
    pin_digits: int = 0
    names_on_screen: tuple[str, ...] = ()
    remnants: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is."""
        return self == Emptiness()


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """The terminal began or ceased to take customers (what its screen says), and what is left in it then.

    ``situation`` is ``ready``, ``serving``, ``out of service`` or ``stopped for a finding``; ``code`` the reason on the screen.
    """

    terminal: str
    situation: str
    code: str = ""
    left: Emptiness = Emptiness()


@dataclass(frozen=True, slots=True)
class StaffDid:
    """What a person of the staff did: ``released a finding``, ``settled``, ``cleared the tray``, ``paid a claim``."""

    terminal: str
    what: str
    amount_yen: int = 0


@dataclass(frozen=True, slots=True)
class JournalRead:
    """The terminal's journal, checked by the public verifier: starts and ends of customers, and what is wrong with it."""

    terminal: str
    starts: int
    ends: int
    entries: int
    breaches: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()


Seen: TypeAlias = (
    RunStarted
    | PhaseBegan
    | FaultArmed
    | FaultHealed
    | RunEnded
    | ResidentKnown
    | ServerDid
    | PersonCame
    | PersonLeft
    | CardLaid
    | CardLifted
    | PinTyped
    | PinTried
    | ScreenShown
    | MoneyInserted
    | MoneyCameOut
    | SlipCame
    | BooksRead
    | SheetsCame
    | SheetsTaken
    | ServiceSeen
    | StaffDid
    | JournalRead
)
"""Everything a history can hold."""

SEEN_TYPES: tuple[type[Seen], ...] = get_args(Seen)
