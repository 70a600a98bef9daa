"""Every refusal has words for the customer, in both languages, that say what to do and tell nobody's secret."""

import pytest

from terminal.centre.messages import RefusalCode
from terminal.centre.refusals import REFUSAL_TEXTS, customer_text


def test_no_refusal_is_without_words() -> None:
    assert set(REFUSAL_TEXTS) == set(RefusalCode)


@pytest.mark.parametrize("code", RefusalCode)
def test_the_words_give_a_reason_and_say_what_to_do(code: RefusalCode) -> None:
    words = customer_text(code)
    assert words.ja.count("。") == 2
    assert words.en.count(". ") == 1
    assert words.en.endswith(".")
    assert words.en.isascii()


def test_nobody_learns_of_protective_measures_or_of_a_death() -> None:
    for code in (RefusalCode.PROTECTIVE_MEASURES, RefusalCode.DECEASED):
        words = customer_text(code)
        for telling in ("支援", "保護", "死亡", "亡", "protect", "deceased", "died", "death"):
            assert telling not in words.ja + words.en.lower()
