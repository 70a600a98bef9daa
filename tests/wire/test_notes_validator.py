"""One suite over model, wire and a real validator (HONNIN_REAL_NOTES names its port): notes in, notes back, notes stacked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices.control_socket import control
from simulator.devices.emulation import ControlRefusedError
from simulator.devices.fault_plan import UntilCleared
from simulator.devices.line_faults import LineFault
from terminal.devices.notes.api import (
    NoteCommand,
    NoteEscrowed,
    NoteHolding,
    NotePlace,
    NoteRejected,
    NoteReturning,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesFaulty,
    NotesIdle,
    NoteVendValid,
    PoweredUp,
)
from tests.notes_kit import ALL_YEN, Booth, booth_at, real_notes, wire_booth


@pytest.fixture(params=["model", "wire"])
def booth(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Booth]:
    with booth_at(request.param, tmp_path) as opened:
        yield opened


def test_it_says_what_it_takes_and_is_ready(booth: Booth) -> None:
    readiness = booth.notes.readiness()
    assert (readiness.ready, readiness.faults) == (True, ())
    assert booth.notes.denominations_yen == (1000, 2000, 5000, 10_000)


def test_it_comes_up_with_everything_inhibited(booth: Booth) -> None:
    assert booth.notes.poll() == PoweredUp(NotePlace.NONE)
    assert booth.notes.readiness().ready
    assert booth.notes.poll() == NotesDisabled()
    assert not booth.insert(1000)


def test_a_note_is_stacked_and_its_vend_valid_stands_until_it_is_acknowledged(booth: Booth) -> None:
    booth.open()
    booth.vend(5000, acknowledge=False)
    for _ in range(5):
        assert booth.notes.poll() == NoteVendValid()
    booth.order(NoteCommand.ACKNOWLEDGE_VEND)
    booth.order(NoteCommand.ACKNOWLEDGE_VEND)
    booth.until(NotesIdle)
    assert (booth.model.stacker_yen, booth.model.vends_acknowledged) == ([5000], 1)


def test_a_note_is_given_back(booth: Booth) -> None:
    booth.open()
    assert booth.insert(1000)
    booth.until(NoteEscrowed)
    booth.order(NoteCommand.RETURN)
    booth.until(NoteReturning)
    booth.pause(0.6)
    assert booth.take() == 1000
    booth.until(NotesIdle)
    assert booth.model.stacker_yen == []


def test_a_note_that_was_not_named_is_rejected(booth: Booth) -> None:
    booth.open(frozenset({1000}))
    assert booth.insert(10_000)
    assert booth.until(NoteRejected) == NoteRejected(0x79)
    booth.pause(0.6)
    assert booth.take() == 10_000
    booth.until(NotesIdle)
    booth.vend(1000)


def test_a_note_that_is_held_stays(booth: Booth) -> None:
    booth.open()
    assert booth.insert(1000)
    booth.until(NoteEscrowed)
    booth.order(NoteCommand.HOLD)
    booth.order(NoteCommand.HOLD)
    assert booth.notes.poll() == NoteHolding()
    booth.order(NoteCommand.STACK)
    booth.until(NoteVendValid)


def test_the_reset_gives_back_inhibits_and_proves_it(booth: Booth) -> None:
    booth.open()
    assert booth.notes.prove().code == NotesCode.NOT_INHIBITED
    booth.notes.clear()
    assert booth.notes.prove().proved
    assert booth.notes.poll() == NotesDisabled()
    assert not booth.insert(1000)


def test_a_power_cut_is_told_and_healed(booth: Booth) -> None:
    booth.open()
    booth.power_cycle()
    assert booth.notes.poll() == PoweredUp(NotePlace.NONE)
    booth.notes.clear()
    assert booth.notes.prove().proved
    booth.open()
    booth.vend(1000)


def test_a_cable_that_was_pulled_is_a_level_until_it_is_back(booth: Booth) -> None:
    assert booth.levels() == []
    booth.unplug()
    assert booth.levels() == [NotesCode.LINE_GONE]
    assert isinstance(booth.notes.poll(), NotesFailed)
    assert booth.notes.prove().code == NotesCode.LINE_GONE
    booth.plug()
    assert booth.heals()


@pytest.mark.parametrize("fault", [LineFault.SILENCE, LineFault.BABBLING, LineFault.NOISE])
def test_a_line_that_stays_bad_is_a_level_until_it_is_healed(booth: Booth, fault: LineFault) -> None:
    booth.harm(fault, UntilCleared())
    assert booth.levels() in (["NOTES_SILENT"], ["NOTES_BAD_ANSWER"])
    booth.heal_line()
    assert booth.heals()


def test_the_control_channel_inserts_takes_jams_and_refuses(tmp_path: Path) -> None:
    with wire_booth(tmp_path) as booth:
        link = tmp_path / "notes"
        with pytest.raises(ControlRefusedError, match="does not draw the note in"):
            control(link, "insert", note_yen=1000)
        booth.open()
        panel = control(link, "insert", note_yen=1000)
        assert panel["specimen"].startswith("SPECIMEN")
        assert booth.until(NoteEscrowed) == NoteEscrowed(1000)
        assert control(link, "look")["escrow_yen"] == 1000
        booth.order(NoteCommand.RETURN)
        booth.pause(0.6)
        assert control(link, "look")["mouth_yen"] == 1000
        control(link, "take")
        with pytest.raises(ControlRefusedError, match="no note"):
            control(link, "take")
        booth.until(NotesIdle)
        for order, code in (
            ({"do": "open-stacker"}, NotesCode.STACKER_OPEN),
            ({"do": "jam"}, NotesCode.JAMMED_ACCEPTOR),
        ):
            control(link, order["do"])
            assert booth.notes.poll() == NotesFaulty(code)
            control(link, {"open-stacker": "close-stacker", "jam": "unjam"}[order["do"]])
        booth.until(NotesIdle)
        booth.vend(1000)
        assert control(link, "look")["stacker_yen"] == 1000
        assert control(link, "empty-stacker")["stacker_notes"] == 0


if real_notes() is not None:

    def test_a_real_validator_inhibits_everything_and_proves_it() -> None:
        notes = real_notes()
        assert notes is not None
        notes.clear()
        assert notes.prove().proved
        assert set(notes.denominations_yen) <= ALL_YEN
        assert notes.denominations_yen
