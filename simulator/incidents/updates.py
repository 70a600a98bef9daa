"""The right person's paper, and wrong all the same after an update: Soja's missing seal, Osaka's era that was over."""

from dataclasses import replace
from typing import Final

from simulator.centre.issuing.named import broken
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.incidents.settings import SELF, TWO, comes, plan

_SOJA: Final = Incident(
    name="soja",
    title_ja="総社市: 公印のない証明書が七十三枚",
    title_en="Soja: seventy-three certificates without the official seal",
    when="2021-09-11 to 2021-11-12",
    where="総社市, convenience stores (and 岡山市 2023-07, fourteen papers)",
    source="service-and-incidents.md 2.1, same family",
    promise="P1",
    happened="After an update of the system the mayor's seal was missing from every paper, for two months, until "
    "another city that was shown one noticed.",
    mechanism="the seal's image was lost in an update",
    otherwise="a residence certificate stands for that of a family register",
    plan=plan("soja", comes(0, "adult", SELF), server=broken("soja"), documents=True),
    guards=("sheets",),
    refusal=Refusal(Gate.SHEETS, "GATE_SEAL_MISSING"),
    happens=("SealImageNotFound",),
)

_OSAKA: Final = Incident(
    name="osaka",
    title_ja="大阪市: 一部の端末で「平成31年」",
    title_en="Osaka: some machines went on counting in the era that was over",
    when="2019-05-07",
    where="大阪市, three of some 230 machines",
    source="service-and-incidents.md 2.1, same family",
    promise="P1",
    happened="Three machines had not fetched the file of eras. Eleven papers were dated in the thirty-first year of "
    "Heisei, a week after that era had ended. Here the first of two servers has not fetched it, and the second "
    "customer's paper is right.",
    mechanism="some machines lacked the table of eras",
    otherwise="the machine without the table is one of two servers here; there it was a clerk's computer",
    plan=plan(
        "osaka",
        comes(0, "adult", SELF),
        comes(0.5, "takahashi", SELF, TWO),
        server=replace(broken("osaka"), servers=2),
        documents=True,
    ),
    guards=("sheets",),
    refusal=Refusal(Gate.SHEETS, "GATE_OTHER_FIELD", finding=True),
    happens=("EraTableMissing",),
)

INCIDENTS: Final = (_SOJA, _OSAKA)
