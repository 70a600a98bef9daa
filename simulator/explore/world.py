"""The world around one terminal as a value: small enough to be enumerated, whole enough to know whose every paper and yen is.

It is the truth, not what the machine believes. ``OWN`` is the customer's who is served now; what a former customer left is
a stranger's, so that any number of customers in a row are finitely many states. Amounts are yen, sheets are page sides.
"""

from typing import Any, Final, NamedTuple

from terminal.fsm.showing import Screen

PAGES: Final = 2
"""Page sides of the one document."""

# whose card lies on the reader, and whom the bundle is about
NOBODYS: Final = 0
OWN: Final = 1
STRANGERS: Final = 2

# the digits in the PIN pad's buffer
NONE: Final = 0
FRESH: Final = 1
SENT: Final = 2

# on whose word the last try may be burnt: bits of ``agreed``
LAST_TRY: Final = 1
LAST_TEXT_TRY: Final = 2

# how far a money device's word is from the truth: ``untold``
SILENT: Final = 1
"""It did not tell in time."""
BABBLED: Final = 2
"""It told of money that nobody had asked it for: its word is no account at all."""

# bits of ``finding``
FOUND_NOW: Final = 2

# the print job
GIVEN: Final = 1
STARTED: Final = 2

# the customer's process, in the supervisor's world
SERVES: Final = 1
FOUND: Final = 2
"""It serves, and its machine found somebody else's paper, which it has not told yet."""
FOUND_DEAD: Final = 3
"""It was killed before it told; its record does."""

COMMANDS: Final = (
    "ReadCard",
    "VerifyPin",
    "ReadSubject",
    "OpenSession",
    "CollectFee",
    "PayChange",
    "Refund",
    "RequestIssuance",
    "CancelIssuance",
    "VerifyBundle",
    "StartPrint",
    "ReportDelivery",
    "PrintSlip receipt",
    "PrintSlip refund",
    "PrintSlip claim",
    "ResetTerminal",
)
"""What can be under way; the place of each is its bit in ``busy``, ``hung``, ``stopped`` and ``dead``."""

(
    READ_CARD,
    VERIFY_PIN,
    READ_SUBJECT,
    OPEN_SESSION,
    COLLECT,
    CHANGE,
    REFUND,
    REQUEST,
    CANCEL_REQUEST,
    VERIFY,
    PRINT,
    REPORT,
    RECEIPT,
    REFUND_SLIP,
    CLAIM_SLIP,
    RESET,
) = (1 << place for place in range(len(COMMANDS)))

CARD_LANE: Final = READ_CARD | VERIFY_PIN | READ_SUBJECT | OPEN_SESSION
PAYMENT_LANE: Final = COLLECT | CHANGE | REFUND
TELLING: Final = REPORT | RECEIPT | REFUND_SLIP | CLAIM_SLIP
"""Lines of their own in which several may wait; the session's end waits for them a moment."""

SCREENS: Final = tuple(Screen)


class World(NamedTuple):
    """One state of everything outside the machine. Flags are 0 or 1."""

    card: int = NOBODYS
    powered: int = 0
    tries: int = 0
    text_tries: int = 0
    digits: int = NONE
    agreed: int = 0
    screen: int = -1
    """Place in ``SCREENS``."""
    busy: int = 0
    """Commands of the present generation that have not been answered."""
    hung: int = 0
    """Those of them that were not answered in time."""
    stopped: int = 0
    """Those of them that were told to stop."""
    dead: int = 0
    """Commands of the generation before that have not been answered."""
    subject: int = NOBODYS
    proved: int = 0
    """Gates A to C passed, and the bundle was not given up since."""
    unsettled: int = 0
    """The centre was not told how the bundle ended."""
    job: int = 0
    tray: int = 0
    """Page sides of the present customer that lie in the tray."""
    whole: int = 0
    """The printer reported the present job complete with every side."""
    doubted: int = 0
    """The printer was not heard of in time: sheets may lie in the tray or not."""
    left: int = 0
    """Sheets of a former customer lie in the tray."""
    price: int = 0
    """What this terminal takes for the choice that was confirmed."""
    inside: int = 0
    """The present customer's money in the terminal."""
    due: int = 0
    """What the device was told to give back."""
    gone: int = 0
    """What it gave back."""
    kept: int = 0
    owed: int = 0
    """What the journal says is owed."""
    claimed: int = 0
    """A claim ticket over ``owed`` was asked for."""
    untold: int = 0
    open: int = 0
    """A customer's start is in the journal without its end."""
    over: int = 0
    """Whoever runs the session was told that it is over."""
    finding: int = 0
    """A wrong-person finding was made and nobody released it; ``FOUND_NOW`` if it was made in this session."""
    process: int = 0

    def but(self, **changes: int) -> "World":
        """The same world with ``changes``; ``KeyError`` for an unknown name."""
        values = list(self)
        for name, value in changes.items():
            values[_PLACES[name]] = value
        return _make(values)

    def done(self, command: int, **changes: int) -> "World":
        """The same world in which ``command`` is answered, with ``changes``."""
        rest = ~command
        return self.but(busy=self.busy & rest, hung=self.hung & rest, stopped=self.stopped & rest, **changes)


_PLACES: Final = {name: place for place, name in enumerate(World._fields)}


def _make(values: list[Any]) -> World:
    return tuple.__new__(World, values)


def commands_in(mask: int) -> tuple[int, ...]:
    """The single commands of a set of them."""
    return _SPLIT[mask] if mask in _SPLIT else _split(mask)


def name_of(command: int) -> str:
    """The name of a single command."""
    return COMMANDS[command.bit_length() - 1]


_SPLIT: Final[dict[int, tuple[int, ...]]] = {}


def _split(mask: int) -> tuple[int, ...]:
    single = tuple(1 << place for place in range(len(COMMANDS)) if mask >> place & 1)
    _SPLIT[mask] = single
    return single
