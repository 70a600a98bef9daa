"""A session is left open and the next person goes on in it: the public-money accounts of Fukushima and Iwaki, from 2022-07."""

from typing import Final

from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import ONE, SEAL, comes, plan
from simulator.people.visitor import GoesOn, WalksAway

_SOURCE: Final = "service-and-incidents.md 2.3"

_FUKUSHIMA: Final = Incident(
    name="fukushima",
    title_ja="福島市: 前の人がログアウトせず、次の人が続けた",
    title_en="Fukushima: nobody had logged out, and the next person went on",
    when="2022-07",
    where="福島市, the desk where bank accounts were registered",
    source=_SOURCE,
    promise="P1",
    happened="One person's session stayed open on the shared computer, and the next person's bank account was "
    "registered to the one before. Here somebody leaves before the last word; the next lays the own card down and "
    "presses on.",
    mechanism="the session was left open; the next person, with a card, goes on",
    otherwise="a certificate stands for the bank account, a terminal for the shared computer",
    plan=plan(
        "fukushima",
        comes(0, "adult", SEAL, ONE, WalksAway("confirm")),
        comes(20, "takahashi", SEAL, ONE, GoesOn()),
    ),
    guards=("another-card",),
    refusal=Refusal(Gate.MACHINE, "MACHINE_ANOTHER_CARD"),
)

_IWAKI: Final = Incident(
    name="iwaki",
    title_ja="いわき市: 開いたままの手続きに後から来た人",
    title_en="Iwaki: somebody who came later found the session still open",
    when="2022-07",
    where="いわき市, the desk where bank accounts were registered",
    source=_SOURCE,
    promise="P1",
    happened="The same: a session that nobody had ended. Here the next person comes minutes later and presses on "
    "without laying any card down, so that nothing tells the terminal that it is somebody else.",
    mechanism="the session was left open; the next person comes later, without a card",
    otherwise="a certificate stands for the bank account, a terminal for the shared computer",
    plan=plan(
        "iwaki",
        comes(0, "adult", SEAL, ONE, WalksAway("confirm")),
        comes(240, "takahashi", SEAL, ONE, GoesOn(lays_card=False)),
    ),
    guards=("time-out",),
    refusal=Refusal(Gate.MACHINE, "MACHINE_CUSTOMER_LEFT"),
)

_AT_ONCE: Final = Incident(
    name="iwaki-at-once",
    title_ja="時間切れの前に、カードを置かずに続けた人",
    title_en="Somebody who goes on before the time-out, without a card",
    when="2022-07",
    where="いわき市, the desk where bank accounts were registered",
    source=_SOURCE,
    promise="P1",
    happened="The next person steps up within the minute and a half in which a session waits, lays no card down, pays, "
    "and takes what the one before had asked for.",
    mechanism="the next person comes at once, without a card",
    otherwise="a certificate stands for the bank account, a terminal for the shared computer",
    plan=plan(
        "iwaki-at-once",
        comes(0, "adult", SEAL, ONE, WalksAway("confirm")),
        comes(20, "takahashi", SEAL, ONE, GoesOn(lays_card=False)),
    ),
    limit="nothing tells the terminal that somebody else stands there, until the time-out; the card is not asked for "
    "again at the end",
)

INCIDENTS: Final = (_FUKUSHIMA, _IWAKI, _AT_ONCE)
