"""Which coins make an amount, and which money is let in: by hand, and against trying everything."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminal.money.change import Parcel, Stock, StockLevel, can_promise, payment_of, welcome_yen

COINS = (1, 5, 10, 50, 100, 500)
TEN, HUNDRED = Stock("hopper-3", 10, StockLevel.PLENTY), Stock("hopper-4", 100, StockLevel.PLENTY)
LOW, EMPTY = Stock("hopper-4", 100, StockLevel.LOW), Stock("hopper-4", 100, StockLevel.EMPTY)

stocks_of_coins = st.lists(
    st.builds(
        Stock,
        st.sampled_from([f"hopper-{number}" for number in range(3, 9)]),
        st.sampled_from(COINS),
        st.sampled_from(StockLevel),
    ),
    max_size=4,
    unique_by=lambda stock: stock.source,
)


def makeable(amount_yen: int, units_yen: set[int]) -> bool:
    """Whether any number of such coins makes the amount, by trying all."""
    ways = product(*(range(amount_yen // unit_yen + 1) for unit_yen in sorted(units_yen)))
    return any(
        sum(units * unit_yen for units, unit_yen in zip(way, sorted(units_yen), strict=True)) == amount_yen
        for way in ways
    )


def test_nothing_takes_no_coin() -> None:
    assert payment_of(0, []) == ()
    assert payment_of(0, [HUNDRED]) == ()


def test_the_largest_coins_come_first() -> None:
    parcels = (Parcel("hopper-4", 100, 7), Parcel("hopper-3", 10, 3))
    assert payment_of(730, [TEN, HUNDRED]) == parcels
    assert payment_of(730, [HUNDRED, TEN]) == parcels


def test_what_cannot_be_made_is_none_and_no_part_of_it() -> None:
    assert payment_of(735, [TEN, HUNDRED]) is None
    assert payment_of(50, [HUNDRED]) is None
    assert payment_of(100, []) is None


def test_an_empty_hopper_pays_nothing_and_a_low_one_what_it_has() -> None:
    assert payment_of(100, [EMPTY]) is None
    assert payment_of(100, [EMPTY, TEN]) == (Parcel("hopper-3", 10, 10),)
    assert payment_of(100, [LOW]) == (Parcel("hopper-4", 100, 1),)


def test_a_stock_of_worthless_units_is_passed_over() -> None:
    assert payment_of(100, [Stock("hopper-9", 0, StockLevel.PLENTY), HUNDRED]) == (Parcel("hopper-4", 100, 1),)


def test_nothing_is_promised_on_a_low_hopper() -> None:
    assert can_promise(100, [HUNDRED])
    assert not can_promise(100, [LOW])
    assert not can_promise(100, [EMPTY])
    assert can_promise(0, [EMPTY])


@pytest.mark.parametrize(
    ("stocks", "inserted_yen", "welcome"),
    [
        ((TEN, HUNDRED), 0, {10, 50, 100, 500, 1000}),
        ((TEN, HUNDRED), 290, {10, 50, 100, 500, 1000}),
        ((HUNDRED,), 0, {10, 50, 100, 500, 1000}),
        ((HUNDRED,), 290, {10}),
        ((LOW,), 0, {10, 50, 100}),
        ((), 0, {10, 50, 100}),
        ((), 290, {10}),
        ((TEN, HUNDRED), 300, set()),
        ((TEN, HUNDRED), 310, set()),
    ],
)
def test_money_is_welcome_while_its_change_is_sure(
    stocks: tuple[Stock, ...], inserted_yen: int, welcome: set[int]
) -> None:
    assert welcome_yen((10, 50, 100, 500, 1000), inserted_yen, 300, stocks) == welcome


@given(st.integers(0, 5_000), stocks_of_coins)
def test_a_payment_is_exact_and_out_of_what_is_there(amount_yen: int, stocks: list[Stock]) -> None:
    parcels = payment_of(amount_yen, stocks)
    if parcels is None:
        return
    assert sum(parcel.units * parcel.unit_yen for parcel in parcels) == amount_yen
    there = {(stock.source, stock.unit_yen) for stock in stocks if stock.level is not StockLevel.EMPTY}
    assert {(parcel.source, parcel.unit_yen) for parcel in parcels} <= there
    assert all(parcel.units > 0 for parcel in parcels)


@given(st.integers(0, 60).map(lambda tens: tens * 5), stocks_of_coins)
@settings(deadline=None)
def test_a_payment_is_found_whenever_there_is_one(amount_yen: int, stocks: list[Stock]) -> None:
    units_yen = {stock.unit_yen for stock in stocks if stock.level is not StockLevel.EMPTY and stock.unit_yen >= 5}
    usable = [stock for stock in stocks if stock.unit_yen >= 5]
    assert (payment_of(amount_yen, usable) is not None) == makeable(amount_yen, units_yen)


@given(st.integers(0, 1_000), st.integers(1, 1_000), stocks_of_coins)
def test_nothing_is_let_in_that_cannot_be_changed(inserted_yen: int, fee_yen: int, stocks: list[Stock]) -> None:
    denominations = (10, 50, 100, 500, 1_000, 5_000, 10_000)
    welcome = welcome_yen(denominations, inserted_yen, fee_yen, stocks)
    sure = [stock for stock in stocks if stock.level is StockLevel.PLENTY]
    for value in denominations:
        over_yen = inserted_yen + value - fee_yen
        wanted = inserted_yen < fee_yen and (over_yen <= 0 or payment_of(over_yen, sure) is not None)
        assert (value in welcome) == wanted
