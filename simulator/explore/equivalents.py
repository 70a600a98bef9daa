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
_FIRST_STAYS: Final = "the first reason of a session's end stays: the deed changes none that has one"
_TWIN: Final = (
    "of two empty ones the other condition sees it, and an empty one is like no other: different all the same"
)
_WORDS: Final = "only the words for the clerk are others: "
_TRANSITIVE: Final = "card, bundle and record are compared each with each: any two of the comparisons imply the third"

_QUICKER: Final = "no guard: the quicker of two ways to the same "
_GREY: Final = "what was sent is drawn by the gate itself, in grey"

EQUIVALENT: Final[Mapping[str, str]] = {
    "BootCompleted [not_booted and boot_makes_serviceable] in OutOfService -> Resetting: without not_booted": _BOOTED_ONCE,
    "BootCompleted [not_booted] in OutOfService -> OutOfService: without not_booted": _BOOTED_ONCE,
    "BootCompleted [not_booted] in Serving, ReadingCard, ConfirmingLastTry and 34 more -> stays: without not_booted": (
        "a booted terminal that is called booted is as it was"
    ),
    "FindingReopened [no_finding_open] in OutOfService, Serving, ReadingCard and 34 more -> stays: without no_finding_open": (
        "a finding that is open already, opened again, is as it was"
    ),
    "CancelPressed [going_back] in CancellingPayment -> stays: without going_back": _FIRST_STAYS,
    "CardInserted [going_back] in CancellingPayment -> stays: without going_back": _FIRST_STAYS,
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
    **dict.fromkeys(
        ("gate A: without 'scope'", "gate A: bundle._belonging without 'if isinstance(record, ResidenceRecord)'"),
        "gate A holds the bundle's choice to the expected one and gate B the record's scope to the bundle's choice",
    ),
    "gate B: without 'person: household'": (
        "gate A holds those chosen to those offered, and gate B those printed to those chosen: nobody else is left"
    ),
    "gate B: without 'person: name'": (
        "the record's applicant and its first line are each compared with the name that was offered"
    ),
    "gate C: without 'copy page back'": "a sheet without a back makes the number of sides odd, and that is refused by 'pages'",
    "gate C: sheets._sheet without 'if index + 1 >= len(document)'": (
        "a side that is not there cannot be read, and what cannot be read is refused"
    ),
    "gate C: without 'copy page back: back'": "it repeats what the 2D code of the front said about the place",
    'gate C: without "copy page front: 2D code\'s place"': "its back repeats it, and a sheet without a back is refused",
    "gate C: without 'copy page back: glyphs'": (
        "every character of a back is held to the number, the place, the marks or the form's words: one that is none fits nowhere"
    ),
    "gate A: sealing.open_bundle without 'if len(sealed) > BUNDLE_BYTES_MAX'": (
        "the library's rules hold the ciphertext to the same length; what is spared is the reading"
    ),
    **dict.fromkeys(
        (
            "gate A: sealing._decrypt without 'if (header['alg'], header['enc']) != (JWE_ALGORITHM, JWE_ENCRYPTION)'",
            "gate A: sealing._verify without 'if header['alg'] != JWS_ALGORITHM'",
        ),
        "the library is given the one algorithm and refuses every other; what is spared is its touching a key",
    ),
    "gate B: subject.compare_basic_four without 'if right is None'": (
        "what stands to the right is a record's or a bundle's applicant, which the schema demands"
    ),
    **dict.fromkeys(
        (
            "gate B: subject._compare_sexes without 'if left is Sex.UNKNOWN'",
            "gate B: subject._compare_sexes without 'if right is Sex.UNKNOWN'",
        ),
        _WORDS + "a sex that is not said is no other's that is, so the two are different",
    ),
    **dict.fromkeys(
        (
            "gate B: names.compare_names without 'if not one.letters'",
            "gate B: names.compare_names without 'if not other.letters'",
        ),
        _TWIN,
    ),
    "gate B: addresses._compare without 'if likeness(blocks, other_blocks) is not None'": (
        _WORDS + "what is alike is alike without its section words too, and undecided by the next condition"
    ),
    "gate B: characters._character_likeness without 'if one == other'": (
        "a character is its own variant: the condition after it says the same"
    ),
    "gate C: sheets.join_documents without 'if sum((len(document) for document in documents)) > PDF_BYTES_MAX'": (
        "gate C reads no larger job either; what is spared is the joining"
    ),
    "gate C: sheets.join_documents without 'if len(documents) == 1'": (
        "no guard: a job of one document joined with nothing shows the same; what is spared is the joining"
    ),
    "gate C: front.check_front without 'if not len(page.text)'": (
        _WORDS + "a front without text has no number, no page and none of the form's words"
    ),
    "gate C: front._official_seal without 'if float(shown.mean()) < INK_PRESENT_MIN'": (
        _WORDS + "no ink is no picture of the seal"
    ),
    "gate C: reading.ReadPage._render without 'if not 1.0 <= dpi <= RESOLUTION_MAX_DPI'": (
        "the gates ask for three resolutions, all of them in bounds: it stops a programmer's mistake, not a sheet"
    ),
    "gate C: reading.open_pdf without 'if len(document) > PAGES_MAX'": (
        "a job of other pages than are due is refused by 'pages'; what is spared is the reading"
    ),
    "gate C: reading.ReadPage.is_a4_upright: without 'self._page.get_rotation() == 0'": (
        "what is turned has its pictures elsewhere and its text where it was: its 2D code is missing"
    ),
    "gate C: page_text._reported without 'if _get_text(address, 0, count, words.ctypes.data) == count + 1'": (
        _QUICKER + "words"
    ),
    "gate C: page_text._from_c_loop without 'if address is None'": (
        "asked when the library is loaded: without its functions nothing starts"
    ),
    "gate C: page_text.PlacedText.lines: 'text' always": "a front without text is called blank before its lines are asked for",
    "gate C: page_text.visible: without 'points > sys.maxunicode'": "PDFium says words of 16 bits; the gate need not trust that",
    "gate C: pictures.png_on_white without 'if picture.mode in ('1', 'L', 'RGB') and 'transparency' not in picture.info'": (
        _QUICKER + "pixels"
    ),
    "gate C: pictures.png_on_white: 'picture.mode == '1'' never": (
        "a picture of black and white is scaled by its nearest points instead of by their mean, differing less than a seal may"
    ),
    "gate C: pictures.pictures_agree without 'if sent.ndim != 2'": _GREY,
    "gate C: front_compare._violations: without 'inner'": (
        "a gate compares a band between two rules, and nothing stands at its edges; the whole raster is sheet verify's"
    ),
}
"""The mutant's name, and why nothing is different without what it lacks."""
