"""What an entry can hold, and that nobody can make it hold more."""

import importlib
import pkgutil
from enum import StrEnum
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import terminal
from terminal.journal import codec, fields
from terminal.journal import entries as e
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.fields import Code, Part, Step
from terminal.journal.pseudonym import PseudonymKey
from tests.journal_kit import ANNA, BORIS, FINDING, STARTED, a_value


@pytest.mark.parametrize("kind", [*e.KINDS.values(), e.ProvedLine], ids=lambda kind: kind.__name__)
def test_every_field_is_of_an_allowed_type(kind: type[Any]) -> None:
    hints = get_type_hints(kind, include_extras=True)
    for name in kind.__dataclass_fields__:
        assert hints[name] is not str
        a_value(hints[name])


def test_a_field_of_free_text_would_be_noticed() -> None:
    with pytest.raises(TypeError, match="none of the types"):
        a_value(str)


@pytest.mark.parametrize("text", ["見本　太郎", "MIHON TARO", "mihon", "A_1234", "CARD_1234_5678", "", "CARD_X\n"])
def test_free_text_is_no_code(text: str) -> None:
    with pytest.raises(ValidationError):
        e.OutOfService(code=text)


def test_an_error_text_never_repeats_the_value() -> None:
    with pytest.raises(ValidationError) as caught:
        e.OutOfService(code="MIHON TARO")
    assert "MIHON" not in str(caught.value)


def test_every_code_of_the_terminal_fits_the_journal() -> None:
    adapter = TypeAdapter(Code)
    codes = [member.value for catalogue in _catalogues() for member in catalogue]
    assert len(codes) > 40
    for code in codes:
        assert adapter.validate_python(code) == code


def _catalogues() -> list[type[StrEnum]]:
    found: set[type[StrEnum]] = set()
    for module in pkgutil.walk_packages(terminal.__path__, "terminal."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and value.__name__.endswith("Code"):
                found.add(value)
    return sorted(found, key=lambda kind: kind.__qualname__)


def test_a_step_has_the_name_of_every_entry_that_can_come_before_an_end() -> None:
    ends = {"CustomerEnded", "CustomerClosedAtBoot"}
    assert {step.value for step in Step} == set(e.CUSTOMER_KINDS) - ends


def test_a_smuggled_value_is_not_encoded() -> None:
    entry = e.OutOfService(code="PRINTER_PAPER_OUT")
    object.__setattr__(entry, "code", "見本　太郎")
    with pytest.raises(JournalError) as caught:
        codec.encode(entry)
    assert caught.value.code == JournalCode.MESSAGE_UNFIT
    assert "太郎" not in str(caught.value)


def test_what_is_no_entry_is_not_encoded() -> None:
    class Foreign(BaseModel):
        name: str

    with pytest.raises(JournalError):
        codec.encode(Foreign(name="見本"))  # type: ignore[arg-type]


def test_a_part_of_unknown_name_is_other() -> None:
    assert Part.named("printer") is Part.PRINTER
    assert Part.named("見本") is Part.OTHER


def test_a_customers_process_speaks_for_its_own_customer_only() -> None:
    own = e.FeeRequested(customer=ANNA, amount_yen=200)
    assert codec.decode_from_customer(codec.encode(own), ANNA) == own
    with pytest.raises(JournalError) as caught:
        codec.decode_from_customer(codec.encode(own), BORIS)
    assert caught.value.code == JournalCode.NOT_YOURS


@pytest.mark.parametrize(
    "entry",
    [
        e.FindingReleased(finding=FINDING, staff="S-1"),
        e.FindingRaised(finding=FINDING, code="GATE_SUBJECT"),
        e.ResetProved(lines=(e.ProvedLine(part=Part.MEMORY, proved=True),), duration_ms=1),
        e.CustomerStarted(customer=ANNA, generation=1),
        e.CustomerEnded(customer=ANNA, reason=fields.EndReason.COMPLETED, delivered=True),
        STARTED,
        e.ServiceRestored(),
    ],
    ids=lambda entry: type(entry).__name__,
)
def test_a_customers_process_cannot_say_what_the_supervisor_says(entry: e.JournalEntry) -> None:
    with pytest.raises(JournalError) as caught:
        codec.decode_from_customer(codec.encode(entry), ANNA)
    assert caught.value.code == JournalCode.NOT_YOURS


def test_the_same_card_is_the_same_within_a_customer_and_nobody_across() -> None:
    first, second = PseudonymKey(), PseudonymKey()
    assert first.card(b"ca", 7) == first.card(b"ca", 7)
    assert (
        len({first.card(b"ca", 7), first.card(b"ca", 8), second.card(b"ca", 7), first.customer(), first.request("7")})
        == 5
    )
    e.CardAccepted(customer=first.customer(), card=first.card(b"ca", 7))


def test_a_forgotten_key_makes_no_pseudonym_and_shows_nothing() -> None:
    key = PseudonymKey()
    key.forget()
    assert repr(key) == "PseudonymKey(...)"
    with pytest.raises(ValueError, match="forgotten"):
        key.customer()


def test_a_key_is_never_pickled() -> None:
    import pickle

    with pytest.raises(TypeError, match="never leaves"):
        pickle.dumps(PseudonymKey())
