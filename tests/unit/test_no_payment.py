"""A terminal without a payment device takes nothing, owes nothing and is ready."""

from terminal.devices.payment.api import Payment, PaymentCode, PaymentFailed
from terminal.devices.payment.none import NoPayment


def test_a_fee_is_declined_and_nothing_is_kept() -> None:
    device: Payment = NoPayment()
    outcome = device.collect(200, lambda: False)
    assert isinstance(outcome, PaymentFailed)
    assert (outcome.code, outcome.kept_yen) == (PaymentCode.DECLINED, 0)


def test_it_is_ready_and_clean() -> None:
    device = NoPayment()
    device.clear()
    assert device.readiness().ready
    assert device.prove().proved
