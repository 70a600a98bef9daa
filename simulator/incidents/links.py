"""A person is linked to somebody else in the very register: the health insurance cards, at a certificate."""

from typing import Final

from simulator.centre.issuing.named import broken
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import ONE, SELF, comes, plan
from simulator.plan import TerminalPlan

_SOURCE: Final = "service-and-incidents.md 2.4, health insurance cards"
_WHEN: Final = "2021-10 to 2022-11"
_WHERE: Final = "health insurers all over Japan, 7,312 records"

_WRONG_LINK: Final = Incident(
    name="wrong-link",
    title_ja="健康保険証: 四情報がそろわないまま別人に結び付けた",
    title_en="Insurance cards: linked to another person on fewer than four items",
    when=_WHEN,
    where=_WHERE,
    source=_SOURCE,
    promise="P1",
    happened="Insurers looked people up by fewer than the four items that had to agree, and took another person. At a "
    "certificate that is a card's serial linked to a namesake: the whole session is then the other person's.",
    mechanism="the certificate's serial was linked to another resident",
    otherwise="a card's serial at the municipality stands for a record at an insurer",
    plan=plan("wrong-link", comes(0, "same-name-1", SELF), server=broken("wrong-link")),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_ADDRESS", finding=True),
    happens=("FileHandedOver",),
    wrong=True,
)

_SERIAL_ALONE: Final = Incident(
    name="wrong-link-serial",
    title_ja="同じ結び付け誤り、シリアル番号だけを証拠とする端末",
    title_en="The same wrong link, at a terminal that takes the card's serial for evidence enough",
    when=_WHEN,
    where=_WHERE,
    source=_SOURCE,
    promise="P1",
    happened="The same link, but the terminal is configured to demand no more of the card than its serial. The basic "
    "four on the card are never read, so nothing contradicts the register.",
    mechanism="the serial alone is compared, and the register says it is this person's",
    otherwise="a card's serial at the municipality stands for a record at an insurer",
    plan=plan(
        "wrong-link-serial",
        comes(0, "same-name-1", SELF),
        server=broken("wrong-link"),
        terminals=(TerminalPlan(ONE, serial_alone=True),),
    ),
    happens=("FileHandedOver",),
    wrong=True,
    limit="with evidence `serial` the terminal has nothing of the card to compare; `serial+basic-four` is the default",
)

INCIDENTS: Final = (_WRONG_LINK, _SERIAL_ALONE)
