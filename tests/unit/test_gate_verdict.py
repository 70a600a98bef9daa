"""Results: the worst finding wins, nothing compared is no result, and every reason has words in both languages."""

import pytest

from terminal.verification.reasons import Reason, words_of
from terminal.verification.verdict import (
    Different,
    Failed,
    Gate,
    Passed,
    Undecided,
    combine,
    different,
    same,
    settle,
    undecided,
    unusable,
)

_GOOD = same("name")
_DOUBT = undecided("address", Reason.BLOCK_NOTATION)
_DAMAGED = unusable("seal", Reason.SEAL_MISSING)
_FOREIGN = different("birth date", Reason.OTHER_BIRTH_DATE)


def test_the_worst_finding_makes_the_result_whatever_the_order() -> None:
    assert isinstance(settle(Gate.SUBJECT, [_GOOD]), Passed)
    assert isinstance(settle(Gate.SUBJECT, [_DOUBT, _GOOD]), Undecided)
    assert isinstance(settle(Gate.SHEETS, [_DOUBT, _DAMAGED, _GOOD]), Failed)
    assert isinstance(settle(Gate.SHEETS, [_GOOD, _FOREIGN, _DAMAGED, _DOUBT]), Different)


def test_of_equals_the_first_gives_the_code() -> None:
    other = different("name", Reason.OTHER_NAME)
    result = settle(Gate.SUBJECT, [_GOOD, other, _FOREIGN])
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_NAME


def test_a_gate_that_compared_nothing_has_no_result() -> None:
    with pytest.raises(ValueError, match="compared nothing"):
        settle(Gate.SHEETS, [])


def test_results_combine_into_the_worst() -> None:
    passed, failed = settle(Gate.SHEETS, [_GOOD]), settle(Gate.SHEETS, [_DAMAGED])
    assert combine(Gate.SHEETS, [passed, failed]) == settle(Gate.SHEETS, [_GOOD, _DAMAGED])


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_can_be_read_in_japanese_and_english(reason: Reason) -> None:
    words = words_of(reason)
    assert any(ord(character) > 0x3000 for character in words.ja)
    assert words.en.isascii()
    assert words.en
