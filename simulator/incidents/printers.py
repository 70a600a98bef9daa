"""Another's paper out of one printer: Izu and Ushiku, at counters; here at a terminal's printer and its tray."""

from typing import Final

from simulator.devices.fault_plan import UntilCleared
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import FAMILY, ONE, SEAL, SELF, comes, plan
from simulator.people.visitor import ForgetsSheets, TakesWhatLiesThere
from simulator.plan import DeviceFault, ForeignJob

_SOURCE: Final = "service-and-incidents.md 2.1, same family"

_IZU: Final = Incident(
    name="izu",
    title_ja="伊豆市: 他人の証明書が一緒に渡された",
    title_en="Izu: another person's sheet was handed over together with one's own",
    when="2024-08-23",
    where="伊豆市, a counter",
    source=_SOURCE,
    promise="P1",
    happened="Two clerks printed on one printer at the same time, and a sheet of another person was stapled in. At a "
    "terminal the two papers meet in the tray: the customer before has left theirs there, and the next takes all that "
    "lies there.",
    mechanism="another's sheets lie where one's own come out",
    otherwise="there it was a counter with clerks; here the two papers meet in the tray of a terminal",
    plan=plan("izu", comes(0, "adult", SEAL, ONE, ForgetsSheets()), comes(130, "takahashi", SEAL)),
    guards=("tray",),
    refusal=Refusal(Gate.RESET, "MACHINE_SHEETS_FORGOTTEN", closes=True),
)

_USHIKU: Final = Incident(
    name="ushiku",
    title_ja="牛久市: 一台のプリンターに二人分の印刷",
    title_en="Ushiku: two persons' jobs on one printer",
    when="2025-10-28",
    where="牛久市, a counter",
    source=_SOURCE,
    promise="P1",
    happened="Two persons' papers were printed on one printer at the same time and one was taken for part of the "
    "other. Here the job of a customer who has gone stands in the printer for want of paper, and goes on when the "
    "paper is filled up.",
    mechanism="another's job stands in the printer",
    otherwise="there it was a counter with clerks; here the second job is that of a customer who has gone",
    plan=plan(
        "ushiku",
        comes(0, "adult", FAMILY),
        comes(420, "takahashi", SELF, ONE, TakesWhatLiesThere()),
        faults=(DeviceFault(1, "printer", "paper-out", UntilCleared()),),
        heal_at_s=500.0,
    ),
    guards=("withdrawal",),
    refusal=Refusal(Gate.MACHINE, "MACHINE_PRINT_TIMED_OUT"),
)

_SHARED: Final = Incident(
    name="izu-shared",
    title_ja="同じプリンターを他の機器も使う場合",
    title_en="A printer that something else prints on, too",
    when="2024-08-23",
    where="伊豆市, a counter",
    source=_SOURCE,
    promise="P1",
    happened="The accident as it was: a job from elsewhere comes out of the same printer while the terminal's own "
    "customer stands there. The terminal's own job is whole and counted; what else comes out it cannot see.",
    mechanism="a foreign job prints into our tray",
    otherwise="a customer at a terminal stands for the clerk who picked up what lay there",
    plan=plan("izu-shared", comes(0, "adult", SEAL), foreign_jobs=(ForeignJob(6.5, "takahashi"),)),
    limit="the terminal must have a printer of its own, as Izu's has since; no scanner looks at what comes out",
)

INCIDENTS: Final = (_IZU, _USHIKU, _SHARED)
