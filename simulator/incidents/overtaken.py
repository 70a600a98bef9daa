"""A request that is given up, disturbed or late is answered with what belongs to another: Yokohama, Adachi, Munakata."""

from dataclasses import replace
from typing import Final

from simulator.centre.issuing.named import broken
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import ONE, comes, plan

_YOKOHAMA: Final = Incident(
    name="yokohama",
    title_ja="横浜市: 時間切れの後、次の人の証明書が出た",
    title_en="Yokohama: after a time-out the next applicant's certificate came out",
    when="2023-03-27, 11:34 to 11:43",
    where="横浜市, convenience stores",
    source="service-and-incidents.md 2.1, Yokohama",
    promise="P1",
    happened="Many prints at once made one wait longer than its limit. What ran then gave free only the lock that "
    "keeps the order of printing; the applicant went on waiting and was handed the next applicant's file. Ten papers "
    "about eighteen people.",
    mechanism="a print wait timed out, only the order lock was released",
    otherwise="a residence certificate stands for the several kinds that came out; the shops and their load are "
    "invented",
    plan=plan("yokohama", comes(0, "head"), server=broken("yokohama")),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_NAME", finding=True),
    happens=("PrintWaitTimedOut", "PrintOrderLockReleased"),
    wrong=True,
)

_ADACHI: Final = Incident(
    name="adachi",
    title_ja="足立区: 随時連携と発行が重なり、エラーは説明で済まされた",
    title_en="Adachi: a synchronisation fell into an issue, and the error was explained away",
    when="2023-03-22 and 2023-04-18",
    where="足立区, convenience stores",
    source="service-and-incidents.md 2.1, Adachi",
    promise="P1",
    happened="The continual update from the resident register ran while a certificate was being made. The centre had "
    "seen errors on three days and asked; the answer was that the person had applied again and printing had ended "
    "normally. Two papers, four people.",
    mechanism="a synchronisation overwrote the work area; after the error the second try printed it",
    otherwise="what the synchronisation did inside was not published; that it overwrote a work area is ours",
    plan=plan("adachi", comes(0, "head"), comes(120, "head"), server=broken("adachi")),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_NAME", finding=True),
    happens=("WorkAreaOverwritten", "ErrorNoted", "ErrorExplainedAway"),
    wrong=True,
)

_MUNAKATA: Final = Incident(
    name="munakata",
    title_ja="宗像市: 直前の人の証明書が出た。直したはずの不具合",
    title_en="Munakata: the certificate of the one just before, from a bug that was thought mended",
    when="2023-06-28",
    where="宗像市, a terminal in the town office",
    source="service-and-incidents.md 2.1, Munakata",
    promise="P1",
    happened="A bug of 2019 had been mended elsewhere and the mending never installed here; ten days before, the "
    "inspection had been called complete. Whoever waited was handed what the customer before had left in the output.",
    mechanism="the output area was not cleared; the fix was never installed",
    otherwise="the inside of the bug was not published; an output area that is not cleared is ours",
    plan=plan(
        "munakata",
        comes(0, "takahashi"),
        comes(60, "large-1", terminal=ONE),
        server=replace(broken("munakata"), company=None, print_s=0.5, per_person_s=0.3),
    ),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_NAME", finding=True),
    happens=("FileHandedOver",),
    wrong=True,
)

INCIDENTS: Final = (_YOKOHAMA, _ADACHI, _MUNAKATA)
