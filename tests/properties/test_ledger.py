"""Any sequence of movements: each is refused and changes nothing, or is taken and every yen is accounted for."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from terminal.money.codec import body_of, frame_of, movement_of_frame, parts_of
from terminal.money.errors import LedgerError
from terminal.money.following import after
from terminal.money.movements import CoinInserted, FeeKept, Movement
from terminal.money.state import LedgerState, Sums
from terminal.money.till import RemoteTill
from terminal.money.verify import verify_ledger
from tests.ledger_kit import any_movement, likely_movement, open_ledger


def accounted(state: LedgerState) -> None:
    """The invariant, written down a second time, and not as the code under test has it."""
    sums = state.totals
    assert sums.inserted_yen + sums.overpaid_yen == (
        sums.kept_yen + sums.change_yen + sums.refunded_yen + sums.owed_yen
    )
    for sums in (state.totals, state.account.sums if state.account else Sums()):
        assert min(sums.inserted_yen, sums.kept_yen, sums.change_yen, sums.refunded_yen) >= 0
        assert min(sums.owed_yen, sums.overpaid_yen) >= 0
    claims = [claim.amount_yen for claim in state.claims]
    assert all(amount_yen > 0 for amount_yen in claims)
    assert sums_of_account(state) + sum(claims) == state.totals.owed_yen


def sums_of_account(state: LedgerState) -> int:
    """What is owed to the open account's customer beyond claims."""
    return state.account.sums.owed_yen - state.account.claimed_yen if state.account else 0


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_movement_is_refused_or_keeps_the_account(data: st.DataObject) -> None:
    state, counted = LedgerState(), 0
    for _ in range(data.draw(st.integers(1, 30))):
        movement = data.draw(likely_movement(state))
        frozen = replace(state)
        try:
            following = after(state, movement)
        except LedgerError as error:
            assert error.refused
            assert state == frozen
            continue
        accounted(following)
        if isinstance(movement, FeeKept):
            assert following.account is not None
            assert following.account.sums.kept_yen <= following.account.fee_yen
        grown_yen = following.totals.inserted_yen - state.totals.inserted_yen
        if isinstance(movement, CoinInserted):
            counted += movement.coin_yen
            assert grown_yen == movement.coin_yen
            assert following.counters.acceptor == movement.counter != state.counters.acceptor
        assert following.totals.kept_yen >= state.totals.kept_yen
        assert grown_yen >= 0
        state = following
    assert state.totals.inserted_yen >= counted


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_the_disk_says_what_was_said_and_so_does_a_remote_till(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = open_ledger(folder)

        def tell(movement: Movement) -> None:
            ledger.record(movement_of_frame(frame_of(movement)))

        till = RemoteTill(LedgerState(), tell)
        for _ in range(data.draw(st.integers(1, 25))):
            try:
                till.record(data.draw(likely_movement(till.state)))
            except LedgerError as error:
                assert error.refused
            assert ledger.state == till.state
            if data.draw(st.integers(0, 4)) == 0:
                ledger.close()
                ledger = open_ledger(folder)
                assert ledger.state == till.state
        ledger.close()
        report = verify_ledger(folder / "ledger.sqlite")
        assert report.ok, report.breaches
        assert report.state == till.state


@given(any_movement)
def test_any_movement_survives_the_channel(movement: Movement) -> None:
    assert movement_of_frame(frame_of(movement)) == movement
    assert parts_of(type(movement).__name__, body_of(movement, LedgerState())) == (movement, LedgerState())


@given(st.text() | st.from_regex(r'\{"fields":\{.{0,40}\},"kind":"[A-Z][A-Za-z]{2,20}"\}', fullmatch=True))
def test_any_text_is_a_movement_or_refused(text: str) -> None:
    try:
        movement = movement_of_frame(text)
    except LedgerError as error:
        assert error.refused
    else:
        assert movement_of_frame(frame_of(movement)) == movement
