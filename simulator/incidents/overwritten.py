"""Two requests share what each should have had alone: Kawasaki, Tokushima, Takamatsu, the link object of Korea."""

from dataclasses import replace
from typing import Final

from simulator.centre.issuing.named import broken
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import TWO, comes, plan

_KAWASAKI: Final = Incident(
    name="kawasaki",
    title_ja="川崎市: 一秒以内の二つの請求、後の処理が先の処理を上書き",
    title_en="Kawasaki: of two requests within a second the later overwrote the earlier",
    when="2023-05-02, 07:31",
    where="川崎市, two convenience stores",
    source="service-and-incidents.md 2.1, Kawasaki",
    promise="P1",
    happened="A program that couples the issuing service to another system was written for this city alone. Two residents "
    "asked at two shops within one second, and the earlier was given the later one's paper.",
    mechanism="two requests in a second, the file overwritten",
    otherwise="that the key was made of hour, minute and second is an engineers' guess; a residence certificate stands "
    "for that of a family register",
    plan=plan(
        "kawasaki",
        comes(0, "adult"),
        comes(0.1, "father", terminal=TWO),
        server=replace(broken("kawasaki"), company=None, render_s=0.4, print_s=0.4),
    ),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_NAME", finding=True),
    happens=("FileWritten",),
    wrong=True,
)

_TOKUSHIMA: Final = Incident(
    name="tokushima",
    title_ja="徳島市: 三枚のうち二枚目が他人のもの",
    title_en="Tokushima: the second of three sheets was another person's",
    when="2023-03-27",
    where="徳島市, a convenience store",
    source="service-and-incidents.md 2.1, Tokushima",
    promise="P1",
    happened="A certificate of three sheets came out with a second sheet that belonged to somebody else. Here every part of "
    "a certificate but the first goes through a file that is named by its number alone, and the second comes from another.",
    mechanism="one sheet of three is another's",
    otherwise="no mechanism was published; a record of three persons stands for three sheets, a residence certificate "
    "for that of a family register",
    plan=plan(
        "tokushima",
        comes(0, "father", terminal=TWO),
        comes(0.5, "head"),
        server=replace(broken("tokushima"), company=None, render_s=2.0),
    ),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_PERSONS", finding=True),
    happens=("PageFileWritten",),
    wrong=True,
)

_TAKAMATSU: Final = Incident(
    name="takamatsu",
    title_ja="高松市: 複数のサーバーに一台用のプログラム",
    title_en="Takamatsu: the program for a single server on a site of several",
    when="2024-04-04",
    where="高松市, two convenience stores",
    source="service-and-incidents.md 2.1, Takamatsu",
    promise="P1",
    happened="The site ran several servers with the program that is meant for one. Two people asked at two shops "
    "nearly at once and one was given the other's paper; the shop shredded it.",
    mechanism="each server counts its files alone, in a store that all share",
    otherwise="what collides inside was not published; counting alone in a shared store is ours",
    plan=plan(
        "takamatsu",
        comes(0, "adult"),
        comes(0.1, "takahashi", terminal=TWO),
        server=replace(broken("takamatsu"), company=None),
    ),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_NAME", finding=True),
    happens=("FileWritten",),
    wrong=True,
)

_KOREA: Final = Incident(
    name="korea",
    title_ja="大韓民国 政府24: 共有された連携オブジェクト",
    title_en="Korea, Government 24: a link object that all users shared",
    when="2024-04",
    where="정부24, the government's service on the network",
    source="service-and-incidents.md 2.1, same family",
    promise="P1",
    happened="While the program that links the service to the registers was being made faster, several users at once "
    "were given other people's certificates: 646 of schools and 587 of taxes.",
    mechanism="one link object under concurrent users",
    otherwise="residence certificates at terminals stand for certificates of schools and taxes on a web site",
    plan=plan(
        "korea",
        comes(0, "adult"),
        comes(0.3, "takahashi", terminal=TWO),
        server=replace(broken("korea"), company=None),
    ),
    guards=("subject",),
    refusal=Refusal(Gate.SUBJECT, "GATE_OTHER_NAME", finding=True),
    happens=("LinkObjectSet",),
    wrong=True,
)

INCIDENTS: Final = (_KAWASAKI, _TOKUSHIMA, _TAKAMATSU, _KOREA)
