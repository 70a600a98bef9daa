"""Runs a swarm's seeds, here or over processes; the results come in the order of the seeds whatever the number of processes."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

from simulator.home import Home
from simulator.judging import findings_of
from simulator.plan import Plan
from simulator.run import run
from simulator.scenarios import dump
from simulator.scenarios.form import ExpectForm
from simulator.shrink import shrink
from simulator.swarm import PEOPLE, draw_options, draw_plan, planted


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What one seed found; ``scenarios`` is a shrunk scenario file for each finding, by promise."""

    seed: int
    options: str
    findings: dict[str, str] = field(default_factory=dict)
    scenarios: dict[str, str] = field(default_factory=dict)


def run_seeds(
    seeds: Iterable[int], home: Home, *, jobs: int = 1, people: int = PEOPLE, without: tuple[str, ...] = ()
) -> Iterator[SeedResult]:
    """The results, in order; a plan that fails is shrunk by the process that found it."""
    work = partial(run_seed, home=home, people=people, without=without)
    wanted = list(seeds)
    if jobs == 1 or len(wanted) < 2:
        yield from map(work, wanted)
        return
    run(Plan(), home)  # the home's keys are made once, before several processes want them
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, wanted)


def run_seed(seed: int, home: Home, people: int = PEOPLE, without: tuple[str, ...] = ()) -> SeedResult:
    """Run one seed, and shrink what it found."""
    options = draw_options(seed, people)
    plan = planted(draw_plan(options), without)
    findings = findings_of(run(plan, home))
    scenarios = {promise: _shrunk(plan, promise, words, home) for promise, words in findings.items()}
    return SeedResult(seed, str(options), findings, scenarios)


def _shrunk(plan: Plan, promise: str, words: str, home: Home) -> str:
    done = shrink(plan, lambda each: promise in findings_of(run(each, home)))
    how = "shortest: no part can go" if done.shortest else "not shortest: the limit of runs was met"
    story = f"{plan.name} broke {promise}.\n\n{words}\nShrunk in {done.runs} runs ({how})."
    expect = ExpectForm(promises={promise: "false"}) if promise.startswith("P") else ExpectForm()
    return dump(done.plan, expect=expect, story=story)
