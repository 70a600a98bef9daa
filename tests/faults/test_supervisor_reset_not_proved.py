"""The reset cannot be proved: out of service with its cause, and back by itself when the device heals (P2, P7)."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness, Resettable
from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.reports import ChannelReporter, CustomerEnded, FaultReported
from tests.supervisor_kit import Body, Shop, began, wait_for_ever

COMES_AND_GOES = CustomerEnded(reason="completed", finding=False, delivered=True, owed_yen=0)


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A device that does what its file says: ``unproved``, ``hangs``, ``raises``, ``dies`` or, without a file, all is well."""

    name: str
    path: Path

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        if self._mood() == "dies":
            os._exit(9)
        if self._mood() == "unproved":
            fault = Fault(self.name, "PRINTER_UNREACHABLE", "look at it")
            return Readiness(self.name, DeviceStatus.OFFLINE, "does not answer", (fault,))
        return Readiness(self.name, DeviceStatus.ONLINE, "fine")

    def clear(self) -> None:
        """See ``Resettable.clear``."""
        match self._mood():
            case "hangs":
                time.sleep(600)
            case "raises":
                raise RuntimeError("a driver's bug")
            case "dies":
                os._exit(9)
            case _:
                pass

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``."""
        if self._mood() == "unproved":
            return ProofLine(self.name, False, "a job is left", "PRINTER_JOBS_LEFT", "look at it")
        return ProofLine(self.name, True, "nothing is left")

    def _mood(self) -> str:
        return self.path.read_text() if self.path.exists() else ""


def comes_and_goes(channel: object, _private: Path) -> int:
    """A customer without a story."""
    began(channel).report(COMES_AND_GOES)  # type: ignore[arg-type]
    return 0


@contextmanager
def spoilt_shop(folder: Path, *bodies: Body) -> Iterator[tuple[Shop, Path, Path]]:
    """A shop with two devices, and the files that hold their moods."""
    one, other = folder / "one", folder / "other"

    def devices() -> Mapping[str, Resettable]:
        return {"printer": Spoilt("printer", one), "payment": Spoilt("payment", other)}

    place = Shop(folder, list(bodies))
    place.open(devices)
    place.supervisor._duties.reset._bound_s = 1.0
    try:
        yield place, one, other
    except BaseException:
        place.supervisor.stop()
        place.supervisor.run()
        place.journal.close()
        raise
    place.close()


@pytest.mark.parametrize("mood", ["unproved", "hangs", "raises", "dies"])
def test_out_of_service_with_the_cause_and_back_when_it_heals(tmp_path: Path, mood: str) -> None:
    with spoilt_shop(tmp_path, comes_and_goes, wait_for_ever) as (place, one, _):
        one.write_text(mood)
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        (unproved,) = place.of(e.ResetNotProved)
        assert isinstance(unproved, e.ResetNotProved)
        code = "PRINTER_JOBS_LEFT" if mood == "unproved" else "RESET_NOT_ANSWERED"
        assert code in {line.code for line in unproved.lines}
        assert place.shown[-1].reason in (code, "PRINTER_UNREACHABLE")
        assert (tmp_path / "served").stat().st_size == 1, "nobody is served before the reset is proved"
        place.clock.advance(16)
        place.supervisor.turn(0)
        assert place.supervisor.state is State.OUT_OF_SERVICE
        one.unlink()
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        place.turn_until(lambda: (tmp_path / "served").stat().st_size == 2)
        assert place.of(e.ServiceRestored)


def test_every_device_dead_at_the_reset(tmp_path: Path) -> None:
    with spoilt_shop(tmp_path, comes_and_goes, wait_for_ever) as (place, one, other):
        one.write_text("unproved")
        other.write_text("unproved")
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        (unproved,) = place.of(e.ResetNotProved)
        assert isinstance(unproved, e.ResetNotProved)
        devices = {line.part.value: line.proved for line in unproved.lines}
        assert devices["printer"] is False
        assert devices["payment"] is False
        assert devices["process"] is True, "forgetting asks no device"
        one.unlink()
        place.clock.advance(16)
        place.supervisor.turn(0)
        assert place.supervisor.state is State.OUT_OF_SERVICE, "one of two is not all"
        other.unlink()
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.IDLE)


def test_the_customer_is_forgotten_even_when_a_device_hangs(tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    def leaves_files(channel: object, private: Path) -> int:
        pid.write_text(str(os.getpid()))
        (private / "sheet").write_bytes(b"canary")
        return comes_and_goes(channel, private)

    with spoilt_shop(tmp_path, leaves_files, wait_for_ever) as (place, one, _):
        one.write_text("hangs")
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        assert not place.private_files.exists()
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize("mood", ["hangs", "dies"])
def test_devices_that_do_not_answer_the_reset_have_not_said_that_their_faults_are_over(
    tmp_path: Path, mood: str
) -> None:
    def sees_low_toner(channel: object, _private: Path) -> int:
        reporter = began(channel)  # type: ignore[arg-type]
        reporter.report(FaultReported(device="printer", code="PRINTER_TONER_LOW", blocks_service=False))
        reporter.report(COMES_AND_GOES)
        return 0

    with spoilt_shop(tmp_path, sees_low_toner, wait_for_ever) as (place, one, _):
        one.write_text(mood)
        place.turn_until_written(e.ResetNotProved)
        assert not place.of(e.FaultCleared)
        one.unlink()
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        assert len(place.of(e.FaultCleared)) == 1


def test_devices_that_do_not_answer_a_look_have_not_said_that_their_faults_are_over(tmp_path: Path) -> None:
    with spoilt_shop(tmp_path, comes_and_goes, wait_for_ever) as (place, one, _):
        one.write_text("unproved")
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        one.write_text("dies")
        for _ in range(2):
            place.clock.advance(16)
            place.supervisor.turn(0)
        assert not place.of(e.FaultCleared)


def test_a_fault_seen_while_idle_closes_the_terminal_until_it_is_over(tmp_path: Path) -> None:
    """The customer's process saw it and is ended with it; from then on the supervisor looks (P7)."""

    def sees_it(channel: object, private: Path) -> int:
        reporter = ChannelReporter(channel)  # type: ignore[arg-type]
        reporter.report(FaultReported(device="printer", code="PRINTER_UNREACHABLE", blocks_service=True))
        time.sleep(600)
        return 0

    with spoilt_shop(tmp_path, sees_it, wait_for_ever) as (place, one, _):
        one.write_text("unproved")
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        assert place.shown[-1].reason == "PRINTER_UNREACHABLE"
        place.clock.advance(16)
        place.supervisor.turn(0)
        assert place.supervisor.state is State.OUT_OF_SERVICE
        one.unlink()
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.IDLE)


def test_what_only_staff_can_settle_is_not_settled_by_a_look(tmp_path: Path) -> None:
    def forgets_sheets(channel: object, _private: Path) -> int:
        reporter = began(channel)  # type: ignore[arg-type]
        reporter.report(
            FaultReported(device="tray", code="MACHINE_SHEETS_FORGOTTEN", blocks_service=True, standing=True)
        )
        reporter.report(COMES_AND_GOES)
        return 0

    with spoilt_shop(tmp_path, forgets_sheets, wait_for_ever) as (place, _, _other):
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        for _ in range(3):
            place.clock.advance(16)
            place.supervisor.turn(0)
        assert place.supervisor.state is State.OUT_OF_SERVICE
        assert ("tray", "MACHINE_SHEETS_FORGOTTEN") in place.journal.standing_faults()
