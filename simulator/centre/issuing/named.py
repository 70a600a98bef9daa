"""The accidents by name: servers set up so that their defect bites one customer at one terminal, others keeping company.

A world with many terminals brings its own load: ``replace(broken(...), company=None)``.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from simulator.centre.issuing.defects import (
    CertificateLinkedToAnother,
    ContinuationPagesShared,
    EraTableNotFetched,
    FileNamedByTheSecond,
    OutputAreaNotCleared,
    SealImageMissing,
    SequencePerServer,
    SharedLinkObject,
    SynchronisationFailsSilently,
    SynchronisationOverwritesTheWorkArea,
    TimeoutReleasesOnlyTheOrderLock,
)
from simulator.centre.issuing.setup import Company, ServerSetup, SyncPlan

_OTHERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"99101": ("father", "takahashi", "yoshida", "watanabe-1"), "99102": ("outsider-2",)}
)
_NOBODY = Company(("",))
"""Stands for the others of the municipality, who are filled in by ``broken``."""

_MISSED = ("cancelled-seal",)

ACCIDENTS: Final[Mapping[str, ServerSetup]] = MappingProxyType(
    {
        "yokohama": ServerSetup(
            print_s=2,
            print_wait_limit_s=5,
            company=replace(_NOBODY, ahead=2, after_s=(5.5,)),
            defects=(TimeoutReleasesOnlyTheOrderLock(),),
        ),
        "adachi": ServerSetup(
            render_s=3,
            sync=SyncPlan(continual_every_s=2, always_carried=("takahashi",)),
            defects=(SynchronisationOverwritesTheWorkArea(),),
        ),
        "kawasaki": ServerSetup(
            print_s=0.5, company=replace(_NOBODY, after_s=(0.01,)), defects=(FileNamedByTheSecond(),)
        ),
        "tokushima": ServerSetup(render_s=1, company=replace(_NOBODY, ahead=1), defects=(ContinuationPagesShared(),)),
        "niigata": ServerSetup(defects=(SynchronisationFailsSilently(missed_cancellations=_MISSED),)),
        "niigata-current": ServerSetup(
            defects=(SynchronisationFailsSilently(claims="now", missed_cancellations=_MISSED),)
        ),
        "munakata": ServerSetup(
            workers=1, print_s=2, company=replace(_NOBODY, ahead=1), defects=(OutputAreaNotCleared(),)
        ),
        "takamatsu": ServerSetup(
            servers=2, print_s=0.5, company=replace(_NOBODY, after_s=(0.05,)), defects=(SequencePerServer(),)
        ),
        "korea": ServerSetup(read_s=1, company=replace(_NOBODY, after_s=(0.5,)), defects=(SharedLinkObject(),)),
        "soja": ServerSetup(defects=(SealImageMissing(),)),
        "osaka": ServerSetup(defects=(EraTableNotFetched(),)),
        "wrong-link": ServerSetup(defects=(CertificateLinkedToAnother("same-name-1", "same-name-2"),)),
    }
)
"""Name to setup, the others of the company still to be filled in."""


def broken(name: str, municipality_code: str = "99101") -> ServerSetup:
    """The server of that accident, for one of the invented municipalities; raise ``KeyError`` that lists the names."""
    if name not in ACCIDENTS:
        raise KeyError(f"no accident {name!r}; known: {', '.join(ACCIDENTS)}")
    if municipality_code not in _OTHERS:
        raise KeyError(f"nobody can be served in {municipality_code!r}; choose one of {', '.join(_OTHERS)}")
    setup = ACCIDENTS[name]
    if setup.company is None:
        return setup
    return replace(setup, company=replace(setup.company, residents=_OTHERS[municipality_code]))
