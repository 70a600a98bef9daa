"""A terminal without a payment device: it gives out what costs nothing, and declines every fee."""

from collections.abc import Callable

from terminal.devices.api import DeviceStatus, ProofLine, Readiness
from terminal.devices.payment.api import CollectCompletion, PaymentCode, PaymentFailed, RefundCompletion

DEVICE = "payment"


class NoPayment:
    """Implements ``Payment`` for ``[payment] driver = "none"``; holds no money, ever."""

    def collect(self, amount_yen: int, cancelled: Callable[[], bool]) -> CollectCompletion:
        """Decline: there is nothing to take money with."""
        return PaymentFailed(PaymentCode.DECLINED, "this terminal takes no money; the counter issues what has a fee", 0)

    def refund(self, amount_yen: int) -> RefundCompletion:
        """Fail: nothing was ever taken here."""
        return PaymentFailed(
            PaymentCode.REFUND_FAILED, "this terminal has no money to give back; call the staff", amount_yen
        )

    def readiness(self) -> Readiness:
        """Ready for what costs nothing."""
        return Readiness(DEVICE, DeviceStatus.ONLINE, "no payment device: only what costs nothing")

    def clear(self) -> None:
        """Nothing is there to clear."""

    def prove(self) -> ProofLine:
        """Nothing can be held where no device is."""
        return ProofLine(DEVICE, True, "no payment device is fitted")
