"""Names and addresses that card and register spell in two ways: the same, somebody else's, or for a person to decide (gate B)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.right_cases import SELF
from simulator.explore.gates.serving import SEAL_WISH, Served, serve
from terminal.verification.subject import ProvedSubject

_PASS, _STOP, _REFUSE = Due.PASS, Due.STOP, Due.REFUSE
_TOWN: Final = "見本県架空市"

NAMES: Final[tuple[tuple[str, str, Due], ...]] = (
    ("見本　太郎", "見本　太郎左衛門", _STOP),
    ("見本　太郎", "見本　〓郎", _REFUSE),
    ("見本　〓郎", "見本　太郎", _REFUSE),
    ("架空　きょう", "架空　きよう", _REFUSE),
    ("MIHON JOSÉ", "MIHON JOSE", _REFUSE),
    ("架空（見本）　花子", "架空　花子", _REFUSE),
    ("架空　花子", "架空（見本）　花子", _REFUSE),
    ("架空（例示）　花子", "架　空花子（見本）", _STOP),
    ("", "", _STOP),
)
"""(in the register, on the card, what is due)."""

ADDRESSES: Final[tuple[tuple[str, str, Due], ...]] = (
    (f"{_TOWN}見本町一丁目1番2号", f"{_TOWN}見本町1丁目1番2号", _PASS),
    (f"{_TOWN}見本町二三番地", f"{_TOWN}見本町23番地", _PASS),
    (f"{_TOWN}見本町二十三番地", f"{_TOWN}見本町23番地", _PASS),
    (f"{_TOWN}見本町二三十番地", f"{_TOWN}見本町30番地", _STOP),
    (f"{_TOWN}見本町1番2号", f"{_TOWN}見本町11番22号", _STOP),
    (f"{_TOWN}見本町一丁目1番2号", f"{_TOWN}見本町1-1-2", _REFUSE),
    (f"{_TOWN}大字見本1番地", f"{_TOWN}見本1番地", _REFUSE),
    (f"{_TOWN}見本ヶ丘1番地", f"{_TOWN}見本が丘1番地", _REFUSE),
    (f"{_TOWN}渡邊町1番2号　見本荘", f"{_TOWN}渡辺町1番2号", _REFUSE),
    ("東京都架空市見本町1番地", "架空市見本町1番地", _REFUSE),
    ("東京都架空市見本町1番地", "北海道架空市見本町1番地", _STOP),
    ("東京都", "", _STOP),
    ("", "東京都", _STOP),
    ("", "", _STOP),
)


def spelling_cases() -> Iterator[Case]:
    """Each as the resident's own, in register, bundle and offer alike."""
    for name, table in (("name", NAMES), ("address", ADDRESSES)):
        for stated, on_card, due in table:
            yield Case(f"{name}: registered {stated!r}, on the card {on_card!r}", _spelt(name, stated, on_card), due)
    seal = serve("head", SEAL_WISH)
    somewhere, nowhere = (seal.bundle.applicant.model_copy(update={"address": each}) for each in ("東京都", ""))
    unsaid = seal.with_bundle(applicant=somewhere).with_record(applicant=nowhere)
    yield Case(
        "address: a seal registered nowhere",
        replace(unsaid, subject=ProvedSubject(seal.subject.evidence, somewhere)),
        _STOP,
    )


def _spelt(field: str, stated: str, on_card: str) -> Served:
    served = serve("head", SELF)
    person = served.bundle.applicant.model_copy(update={field: stated})
    card = served.bundle.applicant.model_copy(update={field: on_card})
    offered = tuple(
        each.model_copy(update={"name": person.name}) if each.is_applicant else each for each in served.expected.members
    )
    alike = served.with_bundle(applicant=person).with_record(applicant=person).with_expected(members=offered)
    return replace(alike.with_person(1, basic=person), subject=ProvedSubject(served.subject.evidence, card))
