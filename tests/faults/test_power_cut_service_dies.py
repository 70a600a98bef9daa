"""The whole service is killed at every durable write and every command to a device of a paid purchase, the reset included (P4).

It starts again over the same journal and ledger; the devices' own counters tell what was cut short. Nothing is lost, nothing is
paid twice, and the customer's claim is on paper.
"""

from pathlib import Path

import pytest

from simulator.power_cut_runs import Prepare, cut_at, is_refunded, pays_with_change
from simulator.power_cuts import Victim
from terminal.loop import StalledError
from terminal.money import register
from tests.power_cut_kit import SHARES, cut_share, points
from tests.terminal_kit import NOW, shared_home


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("prepare", [pays_with_change, is_refunded])
def test_every_yen_is_kept_for_a_sheet_or_given_back_or_a_printed_claim(prepare: Prepare, share: int) -> None:
    assert cut_share(Victim.SERVICE, prepare, share).wrong == []


def test_the_points_are_those_of_a_whole_purchase() -> None:
    names = points(Victim.SERVICE, pays_with_change)
    assert len(names) > 500
    for movement in (
        "AccountOpened",
        "CoinInserted",
        "NoteEscrowed",
        "NoteStacked",
        "PayoutStarted",
        "PayoutEnded",
        "FeeKept",
        "AccountClosed",
    ):
        assert f"before ledger {movement}" in names
        assert f"after ledger {movement}" in names
    assert "after journal ResetProved" in names


@pytest.mark.parametrize(
    ("blind", "after", "before"),
    [
        ("catch_up_coins", "after ledger AccountOpened", "before ledger CoinInserted"),
        ("catch_up_notes", "after ledger NoteEscrowed", "before ledger NoteStacked"),
        ("catch_up_hoppers", "after ledger PayoutStarted", "before ledger PayoutEnded"),
    ],
)
def test_without_the_devices_counters_money_would_be_lost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, blind: str, after: str, before: str
) -> None:
    """The count can fail: a register that does not ask what a device knows loses money, or never lets go of an account."""
    names = points(Victim.SERVICE, pays_with_change)
    monkeypatch.setattr(register, blind, lambda *_: None)
    between = range(names.index(after) + 1, names.index(before) + 2)
    assert _something_is_wrong(tmp_path, between)


def _something_is_wrong(folder: Path, numbers: range) -> bool:
    try:
        return any(
            left.breaches for left in cut_at(shared_home(), folder, NOW, Victim.SERVICE, pays_with_change, numbers)
        )
    except StalledError:
        # The account of the customer before is never closed, so nobody is served any more.
        return True


def test_a_fee_that_was_earned_when_the_power_went_is_kept_after_it(tmp_path: Path) -> None:
    names = points(Victim.SERVICE, pays_with_change)
    number = names.index("before ledger FeeKept") + 1
    (left,) = cut_at(shared_home(), tmp_path, NOW, Victim.SERVICE, pays_with_change, [number])
    assert (left.kept_yen, left.claimed_yen, left.sheets, left.breaches) == (200, 0, 1, ())
