"""Gate B over any names: form never makes people different, and nobody else is ever the same."""

import unicodedata
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from simulator.people.residents import RESIDENTS, Resident
from terminal.verification.addresses import compare_addresses
from terminal.verification.names import compare_names
from terminal.verification.reasons import Reason
from terminal.verification.subject import compare_subject
from terminal.verification.verdict import Different, Passed

_LETTERS = st.text(
    st.sampled_from("見本太郎花子高髙崎﨑辺邉邊吉𠮷葛\U000e0100ガがｶﾞアBeÉ〓●\ufa19神ー々 \u3000（）12"),
    min_size=1,
    max_size=12,
)
_ANY_TEXT = st.text(min_size=1, max_size=40)
_PEOPLE = st.sampled_from(RESIDENTS)
_FORM = st.sampled_from(["wide", "narrow", "decomposed", "spaces"])


def _in_other_form(text: str, form: str) -> str:
    match form:
        case "wide":
            return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)
        case "narrow":
            return "".join(chr(ord(each) - 0xFEE0) if "！" <= each <= "～" else each for each in text)
        case "decomposed":
            return "".join(
                each if "\uf900" <= each <= "\ufaff" else unicodedata.normalize("NFD", each) for each in text
            )
        case _:
            return f" {text} ".replace("\u3000", "  ").replace(" ", "\u3000 ")


@given(_PEOPLE, _FORM, _FORM)
def test_form_never_makes_one_person_two(person: Resident, name_form: str, address_form: str) -> None:
    other = person.basic_four.model_copy(
        update={
            "name": _in_other_form(person.name, name_form),
            "address": _in_other_form(person.address, address_form),
        }
    )
    assert isinstance(compare_subject(person.basic_four, other), Passed)


@given(_PEOPLE, _PEOPLE)
def test_any_other_residents_record_is_different(card: Resident, record: Resident) -> None:
    result = compare_subject(card.basic_four, record.basic_four)
    assert isinstance(result, Passed if card.key == record.key else Different)


@given(_PEOPLE, st.integers(-40_000, 4_000).filter(bool))
def test_another_birth_date_is_another_person_whatever_else_agrees(person: Resident, days: int) -> None:
    moved = person.basic_four.model_copy(update={"birth_date": person.birth_date + timedelta(days=days)})
    assert isinstance(compare_subject(person.basic_four, moved), Different)


@given(_LETTERS, _LETTERS)
def test_comparing_names_knows_no_first_and_second(left: str, right: str) -> None:
    outcomes = {compare_names(left, right), compare_names(right, left)}
    assert len({_verdict(outcome) for outcome in outcomes}) == 1


@given(_ANY_TEXT, _ANY_TEXT)
def test_any_text_has_a_reason_and_same_means_the_same_letters(left: str, right: str) -> None:
    for compare in (compare_names, compare_addresses):
        outcome = compare(left, right)
        assert isinstance(outcome, Reason)
        assert _verdict(outcome) == _verdict(compare(right, left))
        if outcome is Reason.SAME:
            assert _bare(left) == _bare(right)


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["番地", "番", "丁目", "号", "-1"]))
def test_another_number_is_another_place(one: int, other: int, word: str) -> None:
    outcome = compare_addresses(f"見本県架空市見本町{one}{word}", f"見本県架空市見本町{other}{word}")
    assert outcome is (Reason.SAME if one == other else Reason.OTHER_ADDRESS)


@given(_LETTERS)
def test_nobody_is_the_same_as_a_filler_sign(name: str) -> None:
    assert compare_names("〓" * len(name), name) is not Reason.SAME


def _verdict(reason: Reason) -> str:
    if reason is Reason.SAME:
        return "same"
    return "different" if reason in (Reason.OTHER_NAME, Reason.OTHER_ADDRESS, Reason.ABSENT) else "undecided"


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(str.maketrans("〔〕【】〈〉「」[]{}", "()()()()()()"))
    kept = "".join(each for each in folded if not each.isspace() and each not in "-‐‑‒–—―−─ー()")
    return "".join(sorted(kept.lower().replace("’", "'").replace("‘", "'")))
