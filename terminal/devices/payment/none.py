"""A terminal without a payment device: it gives out what costs nothing here (``elsewhere``: the shop's register charges)."""

from terminal.devices.api import DeviceStatus, ProofLine, Readiness
from terminal.devices.payment.api import (
    CollectCompletion,
    Collecting,
    PaymentCode,
    PaymentFailed,
    PayOutCompletion,
    Purpose,
)

DEVICE = "payment"


class NoPayment:
    """Implements ``Payment`` for ``[payment] driver = "none"`` and ``"elsewhere"``; holds no money, ever."""

    def collect(self, fee_yen: int, collecting: Collecting) -> CollectCompletion:
        """Decline: there is nothing to take money with."""
        return PaymentFailed(PaymentCode.DECLINED, "this terminal takes no money; the counter issues what has a fee", 0)

    def pay_out(self, amount_yen: int, purpose: Purpose) -> PayOutCompletion:
        """Fail: nothing was ever taken here."""
        code = PaymentCode.CHANGE_FAILED if purpose is Purpose.CHANGE else PaymentCode.REFUND_FAILED
        return PaymentFailed(code, "this terminal has no money to give back; call the staff", amount_yen)

    def keep(self, fee_yen: int) -> None:
        """Nothing was taken, so nothing is kept."""

    def readiness(self) -> Readiness:
        """Ready for what costs nothing here."""
        return Readiness(DEVICE, DeviceStatus.ONLINE, "no payment device: only what costs nothing here")

    def clear(self) -> None:
        """Nothing is there to clear."""

    def prove(self) -> ProofLine:
        """Nothing can be held where no device is."""
        return ProofLine(DEVICE, True, "no payment device is fitted")
