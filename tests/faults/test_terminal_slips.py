"""The slip printer beside everything else: its papers, its failures on record, and the end that waits for it but not for ever."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from simulator.devices.fault_plan import PlannedFault
from simulator.devices.payment.model import PaymentFault
from simulator.devices.printer.faults import FaultKind
from simulator.terminal_inline import InlineTerminal
from terminal.commands.slips import SlipDone, SlipNotDone, SlipOutcome
from terminal.fittings import Fittings
from terminal.fsm.values import EndReason, Slip
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, in_order, shopper, terminal, the_end


@dataclass(slots=True)
class Slips:
    """A slip printer that takes ``takes_s`` and may be out of paper."""

    wait: Callable[[float], None]
    takes_s: float = 2.0
    out_of_paper: bool = False
    printed: list[tuple[Slip, int]] = field(default_factory=list)

    def print_slip(self, slip: Slip, amount_yen: int) -> SlipOutcome:
        self.wait(self.takes_s)
        if self.out_of_paper:
            return SlipNotDone("RECEIPT_PAPER_OUT", "put paper in")
        self.printed.append((slip, amount_yen))
        return SlipDone()


def with_slips(inline: InlineTerminal) -> Slips:
    slips = Slips(inline.loop.wait)
    fittings = inline._fittings

    def fitted(*arguments: object) -> Fittings:
        return replace(fittings(*arguments), slips=slips)  # type: ignore[arg-type]

    inline._fittings = fitted  # type: ignore[method-assign,assignment]
    return slips


def test_a_purchase_ends_with_a_receipt_though_the_customer_is_quick(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        slips = with_slips(inline)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert slips.printed == [(Slip.RECEIPT, FEE_YEN)]
        sheets = next(view for view in visit.screen.views if view.screen == "take_sheets")
        assert any("レシート" in line for line in sheets.lines)


def test_a_refund_has_its_slip(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        slips = with_slips(inline)
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        inline.serve(shopper(inline))
        assert slips.printed == [(Slip.REFUND, FEE_YEN)]


def test_what_is_owed_is_printed_as_a_claim_ticket_before_the_end(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        slips = with_slips(inline)
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        inline.payment.set_fault(PaymentFault.REFUND_FAILS)
        visit = inline.serve(shopper(inline))
        assert slips.printed == [(Slip.CLAIM, FEE_YEN)]
        sorry = next(view for view in visit.screen.views if view.screen == "sorry")
        assert any("引換券" in line for line in sorry.lines)


def test_a_slip_that_does_not_come_out_is_on_record(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        with_slips(inline).out_of_paper = True
        visit = inline.serve(shopper(inline))
        (missing,) = visit.of(e.SlipNotPrinted)
        assert isinstance(missing, e.SlipNotPrinted)
        assert (missing.slip, missing.code) == (Slip.RECEIPT, "RECEIPT_PAPER_OUT")
        assert in_order(visit, e.SlipNotPrinted, e.CustomerEnded)


def test_a_slip_printer_that_hangs_keeps_nobody_for_ever(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        with_slips(inline).takes_s = 500.0
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.clock.now_s() < 60
