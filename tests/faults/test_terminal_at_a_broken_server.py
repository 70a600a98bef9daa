"""A whole terminal at an issuing server that is broken as a real one was: nothing is printed, nothing is kept of the money."""

from pathlib import Path

import pytest

from printer_templates.records import Scope
from simulator.centre.issuing.named import ACCIDENTS, broken
from simulator.centre.issuing.setup import ServerSetup
from simulator.people.script import Do
from simulator.terminal_inline import InlineTerminal, Visit
from terminal.centre.messages import BundleMode
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import RESIDENCE, SEAL, nothing_happened, shopper, terminal, the_end, the_request

CITY = "99101"
ENDS = {
    "adachi": EndReason.CENTRE_FAILED,
    "niigata": EndReason.UNDECIDED,
    "soja": EndReason.UNDECIDED,
}
"""What is no finding: an error that is told, a copy too old, a seal that is not there."""
WHO = {"niigata": "cancelled-seal", "wrong-link": "same-name-1"}


def buys(inline: InlineTerminal, who: str = "head") -> Visit:
    return inline.serve(shopper(inline, who, kind=RESIDENCE, scope=Scope.HOUSEHOLD))


@pytest.mark.parametrize("name", [name for name in ACCIDENTS if name != "niigata-current"])
def test_the_terminal_prints_nothing_of_it_and_stops_where_it_was_another_person(tmp_path: Path, name: str) -> None:
    with terminal(tmp_path) as inline:
        inline.assembled.model.servers.install(CITY, broken(name))
        if name in ("osaka", "soja"):
            inline.assembled.registers.change_mode(CITY, BundleMode.DOCUMENT)
        who = WHO.get(name, "head")
        visit = inline.serve(shopper(inline, who, kind=SEAL)) if name == "niigata" else buys(inline, who)
        if name == "adachi":
            assert the_end(visit).reason is ENDS[name]
            visit = buys(inline, who)
            assert the_end(visit).reason is EndReason.FINDING
        else:
            assert the_end(visit).reason is ENDS.get(name, EndReason.FINDING)
        nothing_happened(inline)
        if the_end(visit).reason is EndReason.FINDING:
            assert inline.situation() is State.STOPPED_FOR_FINDING
            inline.release("SHOP-07")


def test_a_server_slower_than_the_terminal_is_cancelled_whole_and_the_next_customer_is_served(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        server = inline.assembled.model.servers.install(CITY, ServerSetup(print_s=40))
        assert the_end(buys(inline)).reason is EndReason.TIMED_OUT
        assert the_request(inline).state == "cancelled"
        nothing_happened(inline)
        inline.assembled.model.servers.install(CITY, ServerSetup(print_s=2))
        assert the_end(buys(inline)).reason is EndReason.COMPLETED
        inline.clock.advance(60)
        assert server.remains().files == 0


def test_a_name_that_changes_between_card_and_certificate_is_not_printed(tmp_path: Path) -> None:
    """Married while the request queues: the card still bears the old name, and a machine cannot know that both are one."""
    with terminal(tmp_path) as inline:
        inline.assembled.model.servers.install(CITY, ServerSetup(read_s=3))
        rules = shopper(inline, "takahashi", kind=RESIDENCE)
        marries = Do(lambda: inline.assembled.registers.marry("takahashi", "架空\u3000見本"))
        rules["requesting"] = ((marries, *rules.get("requesting", ((),))[0]),)
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.FINDING
        assert not visit.of(e.PrintStarted)
        nothing_happened(inline)
        inline.release("SHOP-07")
