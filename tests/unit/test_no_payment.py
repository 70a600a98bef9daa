"""A terminal without a payment device declines every fee and holds nothing."""

import pytest

from terminal.commands.money import Collection
from terminal.devices.payment.api import Payment, PaymentCode, PaymentFailed, Purpose
from terminal.devices.payment.none import NoPayment


def test_every_fee_is_declined_and_nothing_is_held() -> None:
    device: Payment = NoPayment()
    outcome = device.collect(200, Collection(1, "0" * 32, lambda: False, lambda event: None))
    assert isinstance(outcome, PaymentFailed)
    assert (outcome.code, outcome.kept_yen) == (PaymentCode.DECLINED, 0)


@pytest.mark.parametrize(
    ("purpose", "code"),
    [(Purpose.CHANGE, PaymentCode.CHANGE_FAILED), (Purpose.REFUND, PaymentCode.REFUND_FAILED)],
)
def test_nothing_can_be_paid_out(purpose: Purpose, code: PaymentCode) -> None:
    device: Payment = NoPayment()
    outcome = device.pay_out(200, purpose)
    assert isinstance(outcome, PaymentFailed)
    assert (outcome.code, outcome.kept_yen) == (code, 200)


def test_it_is_ready_for_what_costs_nothing_and_proves_itself_empty() -> None:
    device = NoPayment()
    assert device.readiness().ready
    assert device.prove().proved
