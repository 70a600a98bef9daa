"""A promise that was broken, and by what: raised by whoever watches, made into a scenario by the search."""

from typing import Final

PROMISES: Final = {
    "P1": "subject: nothing leaves but what is proved to be the card's person's, as that person chose it",
    "P2": "reset: idle only after a proved reset, nothing of a customer outlives the customer",
    "P3": "PIN: on its way to the card only, once for each entry, the last try never unasked",
    "P4": "money: every yen taken is kept for delivered sheets, given back, or owed with a ticket",
    "P5": "honesty: done is shown when every side is reported out, and what is told is so",
    "P6": "stop: a wrong-person finding stops the terminal until a person releases it",
    "P7": "progress: out of every state, and healed back to idle, within a bound",
    "P8": "evidence: each start has exactly one end, each bundle exactly one report",
}
"""The promises of design section 1 that machine and world can be held to here. P9 is held by gate C and by the start-up."""

MACHINE: Final = "machine"
"""Not a promise: the machine itself refused to go on (its own assertions, an exception in a deed)."""

SERVICE: Final = "service"
"""Not a promise: who is in the right is turned away, or a finding is made where nobody did wrong."""


class Broken(Exception):  # noqa: N818 - it says what happened to the promise
    """``promise`` (P1 to P8, or ``MACHINE``) does not hold, because of ``what``."""

    def __init__(self, promise: str, what: str) -> None:
        self.promise = promise
        self.what = what
        super().__init__(f"{promise}: {what}")


def hold(holds: bool, promise: str, what: str) -> None:
    """Raise ``Broken`` unless ``holds``."""
    if not holds:
        raise Broken(promise, what)
