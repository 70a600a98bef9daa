"""Certificates of seals that had been cancelled: Niigata, Saitama, Kumamoto, 2020-12 to 2023-05.

Published is one cause for all three, a fault in the linkage of data, for up to two and a half years unnoticed. Which city
had which form of it was not; each form is told under one of the names, and the form that no terminal can see under none.
"""

from datetime import timedelta
from typing import Final

from simulator.centre.issuing.defects import SynchronisationFailsSilently
from simulator.centre.issuing.named import broken
from simulator.centre.issuing.setup import ServerSetup, SyncPlan
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import SEAL, comes, plan
from simulator.plan import START, CancelsSeal

_SOURCE: Final = "service-and-incidents.md 2.1, Niigata / Saitama / Kumamoto"
_WHEN: Final = "2020-12 to 2023-05"
_HOUR_S: Final = 3600.0
_AFTERNOON: Final = START.replace(hour=16)

_NIIGATA: Final = Incident(
    name="niigata",
    title_ja="新潟市: 数年前の廃印が届いていない",
    title_en="Niigata: a cancelling of years ago never arrived",
    when=_WHEN,
    where="新潟市",
    source=_SOURCE,
    promise="P1",
    happened="The cancelling of a seal's registration never reached the issuing server, and the seal went on being "
    "certified. Here the copy stopped being brought up to date before the day began, and says honestly how old it is.",
    mechanism="the synchronisation had failed; a cancelled seal stayed good in the copy",
    otherwise="which of the three cities had which form of the fault was not published",
    plan=plan("niigata", comes(0, "cancelled-seal", SEAL), server=broken("niigata")),
    guards=("bundle",),
    refusal=Refusal(Gate.BUNDLE, "GATE_REGISTER_TOO_OLD"),
    happens=("FileHandedOver",),
)

_KUMAMOTO: Final = Incident(
    name="kumamoto",
    title_ja="熊本市: 連携が止まった後に廃印",
    title_en="Kumamoto: cancelled after the linkage had stopped",
    when=_WHEN,
    where="熊本市",
    source=_SOURCE,
    promise="P1",
    happened="The same fault beginning in the middle of a day: nothing arrives any more, nobody is told, and somebody "
    "cancels the seal at the counter afterwards. An hour later the copy is older than a terminal accepts; within that "
    "hour nobody can tell.",
    mechanism="the synchronisation fails from some moment on, and tells nobody",
    otherwise="which of the three cities had which form of the fault was not published",
    plan=plan(
        "kumamoto",
        comes(4500, "head", SEAL),
        server=ServerSetup(
            sync=SyncPlan(nightly_at=None),
            defects=(SynchronisationFailsSilently(since=START + timedelta(minutes=4)),),
        ),
        changes=(CancelsSeal(600, "head"),),
        next_at_s=5000.0,
        heal_at_s=5400.0,
    ),
    guards=("bundle",),
    refusal=Refusal(Gate.BUNDLE, "GATE_REGISTER_TOO_OLD"),
    happens=("SynchronisationFailed",),
)

_SAITAMA: Final = Incident(
    name="saitama",
    title_ja="さいたま市: 夜間の連携も届かないまま、翌朝に発行",
    title_en="Saitama: the night's carry-over failed too, and the seal was certified the next morning",
    when=_WHEN,
    where="さいたま市",
    source=_SOURCE,
    promise="P1",
    happened="The same fault overnight: a seal is cancelled at the counter in the afternoon, the carry-over of the "
    "night fails and tells nobody, and the seal is still good in the copy when somebody asks for a certificate the "
    "next morning.",
    mechanism="the nightly synchronisation fails and tells nobody; the copy is of the afternoon before",
    otherwise="which of the three cities had which form of the fault was not published",
    plan=plan(
        "saitama",
        comes(16 * _HOUR_S, "head", SEAL),
        server=ServerSetup(
            sync=SyncPlan(continual_every_s=None), defects=(SynchronisationFailsSilently(since=_AFTERNOON),)
        ),
        changes=(CancelsSeal(_HOUR_S, "head"),),
        start=_AFTERNOON,
        next_at_s=16 * _HOUR_S + 300,
        heal_at_s=16 * _HOUR_S + 600,
    ),
    guards=("bundle",),
    refusal=Refusal(Gate.BUNDLE, "GATE_REGISTER_TOO_OLD"),
    happens=("SynchronisationFailed",),
)

_CLAIMED: Final = Incident(
    name="seal-claimed-current",
    title_ja="今日のものと称する古い写し",
    title_en="A stale copy that calls itself of today",
    when=_WHEN,
    where="新潟市, さいたま市 or 熊本市: which of them had which form was not published",
    source=_SOURCE,
    promise="P1",
    happened="The same fault in the seals alone, while everything else goes on arriving: the copy looks fresh and says "
    "so, and the municipality signs that the seal is good.",
    mechanism="the seals alone are not carried over; the copy claims to be of now",
    otherwise="whether any of the three cities had this form was not published",
    plan=plan(
        "seal-claimed-current",
        comes(400, "head", SEAL),
        server=ServerSetup(sync=SyncPlan(nightly_at=None), defects=(SynchronisationFailsSilently(what="seals"),)),
        changes=(CancelsSeal(60, "head"),),
    ),
    happens=("SynchronisationFailed",),
    limit="the municipality signs that its register is current; a terminal has no other register to ask",
)

INCIDENTS: Final = (_NIIGATA, _KUMAMOTO, _SAITAMA, _CLAIMED)
