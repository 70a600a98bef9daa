"""The customer's process is killed at every report it makes and every command it gives to a device of a paid purchase (P4).

The supervisor lives on: it settles, resets, and opens a claim for whatever is owed. Nothing is lost, nothing is paid twice.
"""

import pytest

from simulator.power_cut_runs import Prepare, is_refunded, pays_with_change
from simulator.power_cuts import Victim
from tests.power_cut_kit import SHARES, cut_share, points


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("prepare", [pays_with_change, is_refunded])
def test_every_yen_is_kept_for_a_sheet_or_given_back_or_a_printed_claim(prepare: Prepare, share: int) -> None:
    assert cut_share(Victim.CUSTOMER, prepare, share).wrong == []


@pytest.mark.parametrize("prepare", [pays_with_change, is_refunded])
def test_the_points_are_those_of_a_whole_purchase(prepare: Prepare) -> None:
    names = points(Victim.CUSTOMER, prepare)
    assert len(names) > 250
    for device in ("coins", "notes", "receipt printer"):
        assert f"before a command to {device}" in names
    for report in ("MoneyMoved", "FeeRequested", "PrintStarted", "PrintEnded", "CustomerEnded"):
        assert f"after reporting {report}" in names
