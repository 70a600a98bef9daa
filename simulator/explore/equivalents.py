"""Mutants that change nothing anybody could notice, one by one, each with the reason: no test can catch what makes no difference.

A mutant that is listed here and breaks a promise all the same is wrongly listed, and that is an error like a survivor.
"""

from collections.abc import Mapping
from typing import Final

_BOOTED_ONCE: Final = (
    "a machine is booted once: the service makes a new one for each boot, so a second BootCompleted never comes"
)
_NOUGHT: Final = "the row is taken only when the count is known to be nought, and nought is remembered already"
_KNOWN: Final = "the row is taken only when the count is known, and then there is nothing to distrust"
_TRANSITIVE: Final = "card, bundle and record are compared each with each: any two of the comparisons imply the third"

EQUIVALENT: Final[Mapping[str, str]] = {
    "BootCompleted [not_booted and boot_makes_serviceable] in OutOfService -> Resetting: without not_booted": _BOOTED_ONCE,
    "BootCompleted [not_booted] in OutOfService -> OutOfService: without not_booted": _BOOTED_ONCE,
    "BootCompleted [not_booted] in Serving, ReadingCard, ConfirmingLastTry and 34 more -> stays: without not_booted": (
        "a booted terminal that is called booted is as it was"
    ),
    "FindingReopened [no_finding_open] in OutOfService, Serving, ReadingCard and 34 more -> stays: without no_finding_open": (
        "a finding that is open already, opened again, is as it was"
    ),
    "CancelPressed [going_back] in CancellingPayment -> stays: without going_back": (
        "the first reason of a session's end stays: the deed changes none that has one"
    ),
    "SheetsTaken [sheets_were_forgotten] in Resetting, StoppedForFinding -> stays: without sheets_were_forgotten": (
        "a level that is not up, taken down, is as it was"
    ),
    "CardRead [no_tries_left] in ReadingCard -> PinLocked: without learn_card": (
        "nobody reads the tries of a locked card: no screen of the way out tells them"
    ),
    "TextPinNeeded [no_tries_left] in ReadingSubject -> PinLocked: without text_pin_needed": (
        "nobody reads the tries of a locked PIN, and the digits go with the card's power"
    ),
    "PrintCompleted in StartingPrint, Printing, CancellingPrint -> Apologising: without learn_impressions": _NOUGHT,
    "PrintFailed in StartingPrint, Printing, CancellingPrint -> Apologising: without learn_impressions": _NOUGHT,
    "PrintCanceled in StartingPrint, Printing, CancellingPrint -> Apologising: without learn_impressions": _NOUGHT,
    "PrintTimedOut in StartingPrint, Printing, CancellingPrint -> Apologising: without learn_impressions": _NOUGHT,
    "PrintFailed in StartingPrint, Printing, CancellingPrint -> Apologising: without distrust_tray": _KNOWN,
    "PrintTimedOut in StartingPrint, Printing, CancellingPrint -> Apologising: without distrust_tray": _KNOWN,
    "CustomerProcessEnded in Ending -> Resetting: without absorb_end": (
        "a finding of this session stands in the levels since it was made; the process's end tells nothing new"
    ),
    "CustomerProcessEnded in Resetting -> stays: without settle_dead_process": (
        "the reset kills the process and settles it; of its end nothing is told but that it is over"
    ),
    "entering Ending: the card keeps its power": (
        "every way here has released the card or lost it; the command is given again to be sure"
    ),
    **{
        f"gate B: without '{pair}: {field}'": _TRANSITIVE
        for pair in ("card and bundle", "card and record")
        for field in ("address", "birth date", "name", "sex")
    },
}
"""The mutant's name, and why nothing is different without what it lacks."""
