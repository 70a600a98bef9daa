"""Every coin is somewhere, whatever is done; what the driver counts is what was taken and paid, whatever the line does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import After, PlannedFault
from simulator.devices.line_faults import LineFault
from terminal.devices.coins.api import CoinPoll, DispenseOutcome
from tests.coins_kit import ALL_YEN, HOPPER_10, Shop, model_shop

_COINS = st.sampled_from([1, 5, 10, 50, 100, 500])
_DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), _COINS),
        st.tuples(st.just("wait"), st.sampled_from([0.01, 0.2, 0.5, 1.5, 5.0])),
        st.tuples(st.just("accept"), st.sampled_from([ALL_YEN, frozenset({100}), frozenset()])),
        st.tuples(st.just("poll"), st.none()),
        st.tuples(st.just("start-payout"), st.integers(1, 30)),
        st.tuples(st.just("fault"), st.sampled_from(CoinsFault)),
        st.tuples(st.just("hand"), st.sampled_from(["take", "unjam", "heal", "power_cycle"])),
        st.tuples(st.just("fill"), st.integers(0, 20)),
        st.tuples(st.just("empty"), st.none()),
    ),
    max_size=25,
)


def _do(shop: Shop, deed: str, value: object) -> None:
    model = shop.model
    match deed, value:
        case "insert", int(coin_yen):
            model.insert(coin_yen)
        case "wait", float(seconds):
            shop.pause(seconds)
        case "accept", frozenset() as coins_yen:
            shop.coins.acceptor.accept(coins_yen)
        case "poll", _:
            shop.coins.acceptor.poll(0)
        case "start-payout", int(coins):
            model.hopper(HOPPER_10).enable(165)
            model.hopper(HOPPER_10).dispense(coins)
        case "fault", CoinsFault() as kind:
            shop.plan(kind)
        case "hand", str(name):
            getattr(model, name)()
        case "fill", int(coins):
            model.fill(HOPPER_10, coins)
        case "empty", _:
            model.empty(HOPPER_10)


@settings(deadline=None, max_examples=150)
@given(_DEEDS)
def test_every_coin_is_somewhere_whatever_is_done(deeds: list[tuple[str, object]]) -> None:
    shop = model_shop()
    for deed, value in deeds:
        _do(shop, deed, value)
        assert shop.model.balanced, (deed, value)
    shop.pause(10.0)
    assert shop.model.balanced


_LINE_FAULTS = st.lists(st.tuples(st.sampled_from(LineFault), st.integers(0, 40)), max_size=6)


@settings(deadline=None, max_examples=200)
@given(_LINE_FAULTS, st.lists(st.lists(st.sampled_from([10, 50, 100, 500]), max_size=3), max_size=10))
def test_credits_never_exceed_the_coins_accepted_and_equal_them_after_healing(
    faults: list[tuple[LineFault, int]], turns: list[list[int]]
) -> None:
    shop = model_shop()
    for kind, occasions in faults:
        shop.faults.add(PlannedFault(kind, After(occasions)))
    resets = any(kind is LineFault.DEVICE_RESET for kind, _ in faults)
    position, credited_yen, lost = 0, 0, 0
    for coins_yen in [*turns, []]:
        shop.plug()
        shop.coins.acceptor.accept(ALL_YEN)
        shop.insert(*coins_yen)
        poll = shop.coins.acceptor.poll(position)
        if isinstance(poll, CoinPoll):
            credited_yen += sum(credit.coin_yen for credit in poll.credits)
            position, lost = poll.counter, lost + poll.lost_events
        assert credited_yen <= sum(shop.model.acceptor.cashbox)
    shop.faults.heal()
    shop.plug()
    shop.pause(1.0)
    last = shop.poll(position)
    credited_yen += sum(credit.coin_yen for credit in last.credits)
    cashbox_yen = sum(shop.model.acceptor.cashbox)
    assert credited_yen <= cashbox_yen
    if not resets and not lost + last.lost_events:
        assert credited_yen == cashbox_yen
    assert shop.coins.acceptor.accepted_total() == len(shop.model.acceptor.cashbox)


@settings(deadline=None, max_examples=200)
@given(_LINE_FAULTS, st.lists(st.integers(1, 12), min_size=1, max_size=4))
def test_payouts_are_what_was_asked_for_at_most_and_counted_exactly(
    faults: list[tuple[LineFault, int]], payouts: list[int]
) -> None:
    shop = model_shop()
    for kind, occasions in faults:
        shop.faults.add(PlannedFault(kind, After(occasions)))
    for coins in payouts:
        shop.plug()
        before = len(shop.model.tray)
        outcome = shop.hopper().dispense(coins)
        shop.plug()
        # What a lost line hides is paid by the hopper all the same; it rests before the next one.
        shop.pause(5.0)
        paid = len(shop.model.tray) - before
        assert paid <= coins
        if isinstance(outcome, DispenseOutcome):
            assert outcome.paid_coins == paid
    shop.faults.heal()
    settled = shop.hopper().settle(0)
    assert isinstance(settled, DispenseOutcome)
    assert settled.paid_coins == len(shop.model.tray)
