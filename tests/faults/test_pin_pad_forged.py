"""Somebody on the PIN pad's line: another pad, old entries, altered, reflected, reordered and invented frames are all refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from simulator.devices.fault_plan import After, Next, UntilCleared
from simulator.devices.pin_pad.faults import PinPadFault
from simulator.devices.pin_pad.model import PinPadModel
from simulator.devices.pin_pad.wire import NAME, PinPadWire
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock
from terminal.devices.api import DeviceStatus
from terminal.devices.pin_pad.api import PinEntryFailed, PinPadCode, PinTyped
from terminal.devices.pin_pad.driver import SerialPinPad
from terminal.devices.pin_pad.frames import COUNTER_BYTES, Frame, FrameDecoder, FrameType, encode
from terminal.devices.pin_pad.messages import Held, Hello, HelloAnswer, StateAnswer
from terminal.devices.pin_pad.sealing import state_statement, transcript
from tests.pin_pad_kit import START, Asking, Desk, model_desk

Meddle = Callable[[Frame], bytes]


class Meddler:
    """Implements ``SerialDevice``: sits on the line; does ``meddle`` to the answers, ``request`` to the requests."""

    def __init__(self, wire: PinPadWire) -> None:
        self.meddle: Meddle = encode
        self.request: Meddle = encode
        self.requests: list[Frame] = []
        self.answers: list[Frame] = []
        self._wire = wire

    def receive(self, data: bytes) -> bytes:
        """Between host and pad."""
        asked = [found for found in FrameDecoder().feed(data) if isinstance(found, Frame)]
        self.requests += asked
        given = FrameDecoder().feed(b"".join(self._wire.receive(self.request(frame)) for frame in asked))
        answers = [found for found in given if isinstance(found, Frame)]
        self.answers += answers
        return b"".join(self.meddle(frame) for frame in answers)

    def tick(self) -> bytes:
        """As the pad."""
        return self._wire.tick()

    def power_cycle(self) -> None:
        """As the pad."""
        self._wire.power_cycle()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def model(clock: ManualClock) -> PinPadModel:
    model = PinPadModel(clock)
    model.on_start = lambda: model.press("1234#")
    return model


IDENTITY = Ed25519PrivateKey.generate()


@pytest.fixture
def meddler(model: PinPadModel, clock: ManualClock) -> Meddler:
    return Meddler(PinPadWire(model, clock, IDENTITY))


@pytest.fixture
def pin_pad(meddler: Meddler, clock: ManualClock) -> SerialPinPad:
    return SerialPinPad(LoopLine(meddler, clock, clock.advance), clock, clock.advance, IDENTITY.public_key())


def _refused(pin_pad: SerialPinPad, code: PinPadCode) -> None:
    entry = pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinEntryFailed)
    assert entry.code is code


def _only(kind: FrameType, change: Callable[[bytes], bytes]) -> Meddle:
    return lambda frame: encode(Frame(frame.kind, change(frame.payload)) if frame.kind is kind else frame)


def _flip(place: int) -> Callable[[bytes], bytes]:
    return lambda payload: payload[:place] + bytes((payload[place] ^ 1,)) + payload[place + 1 :]


def test_an_honest_line_for_comparison(pin_pad: SerialPinPad) -> None:
    assert isinstance(pin_pad.enter(Asking(), 10), PinTyped)


@pytest.mark.parametrize("place", [0, 3, 4, 5, 8, 19, 20, 35])
def test_an_altered_answer(pin_pad: SerialPinPad, meddler: Meddler, place: int) -> None:
    meddler.meddle = _only(FrameType.ANSWER, _flip(place))
    _refused(pin_pad, PinPadCode.FORGED)


@pytest.mark.parametrize("place", [0, 3, 4, 19, 35])
def test_an_altered_request_is_refused_by_the_pad(
    pin_pad: SerialPinPad, meddler: Meddler, model: PinPadModel, place: int
) -> None:
    meddler.request = _only(FrameType.REQUEST, _flip(place))
    _refused(pin_pad, PinPadCode.FORGED)
    assert model.count == 0


@pytest.mark.parametrize("place", [1, 32, 33, 48, 49, 80, 81, 144])
def test_an_altered_handshake(pin_pad: SerialPinPad, meddler: Meddler, place: int) -> None:
    meddler.meddle = _only(FrameType.HELLO_ANSWER, _flip(place))
    _refused(pin_pad, PinPadCode.NOT_TRUSTED)
    assert pin_pad.readiness().status is DeviceStatus.POTENTIAL_FRAUD


@pytest.mark.parametrize("place", [1, 32, 33, 48])
def test_an_altered_opening_is_not_what_the_pad_signed(pin_pad: SerialPinPad, meddler: Meddler, place: int) -> None:
    meddler.request = _only(FrameType.HELLO, _flip(place))
    _refused(pin_pad, PinPadCode.NOT_TRUSTED)


def test_somebody_in_between_with_keys_of_their_own(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    """A whole second handshake, signed with a key that the terminal does not know."""
    own, theirs = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()

    def impersonate(frame: Frame) -> bytes:
        if frame.kind is not FrameType.HELLO_ANSWER:
            return encode(frame)
        hello = Hello.parse(meddler.requests[-1].payload)
        unsigned = HelloAnswer(own.public_key().public_bytes_raw(), bytes(16), NAME)
        return encode(
            HelloAnswer(unsigned.ephemeral, bytes(16), NAME, theirs.sign(transcript(hello, unsigned))).frame()
        )

    meddler.meddle = impersonate
    _refused(pin_pad, PinPadCode.NOT_TRUSTED)


def test_a_pad_key_without_a_secret(clock: ManualClock) -> None:
    """The all-zero point gives everybody the same secret (RFC 7748, section 6.1); even the right identity may not sign it."""

    class Weak(Meddler):
        def receive(self, data: bytes) -> bytes:
            for found in FrameDecoder().feed(data):
                if isinstance(found, Frame) and found.kind is FrameType.HELLO:
                    unsigned = HelloAnswer(bytes(32), bytes(16), NAME)
                    signature = IDENTITY.sign(transcript(Hello.parse(found.payload), unsigned))
                    return encode(HelloAnswer(bytes(32), bytes(16), NAME, signature).frame())
            return super().receive(data)

    weak = Weak(PinPadWire(PinPadModel(clock), clock, IDENTITY))
    _refused(
        SerialPinPad(LoopLine(weak, clock, clock.advance), clock, clock.advance, IDENTITY.public_key()),
        PinPadCode.NOT_TRUSTED,
    )


def test_a_recorded_session_is_worth_nothing(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    assert isinstance(pin_pad.enter(Asking(), 10), PinTyped)
    recorded = {frame.kind: frame for frame in meddler.answers}
    meddler.meddle = lambda frame: encode(recorded.get(frame.kind, frame))
    _refused(pin_pad, PinPadCode.NOT_TRUSTED)


def test_an_entry_of_an_earlier_session(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    assert isinstance(pin_pad.enter(Asking(), 10), PinTyped)
    old = next(frame for frame in meddler.answers if frame.kind is FrameType.ANSWER)
    meddler.meddle = lambda frame: encode(old if frame.kind is FrameType.ANSWER else frame)
    _refused(pin_pad, PinPadCode.FORGED)


def test_an_answer_of_this_session_told_again(pin_pad: SerialPinPad, meddler: Meddler, model: PinPadModel) -> None:
    """Reordered: the second request gets the first answer, whole and sealed, for ever."""
    model.on_start = None
    first: list[Frame] = []

    def again(frame: Frame) -> bytes:
        if frame.kind is FrameType.ANSWER:
            first.append(frame)
        return encode(first[0] if frame.kind is FrameType.ANSWER else frame)

    meddler.meddle = again
    _refused(pin_pad, PinPadCode.FORGED)


def test_our_own_request_sent_back(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    meddler.meddle = lambda frame: encode(
        Frame(frame.kind, meddler.requests[-1].payload) if frame.kind is FrameType.ANSWER else frame
    )
    _refused(pin_pad, PinPadCode.FORGED)


def test_a_request_told_again_or_left_out_is_refused_by_the_pad(
    pin_pad: SerialPinPad, meddler: Meddler, model: PinPadModel
) -> None:
    model.on_start = None
    sealed: list[Frame] = []

    def swallow(frame: Frame) -> bytes:
        if frame.kind is FrameType.REQUEST:
            sealed.append(frame)
            return encode(sealed[0]) if len(sealed) == 3 else encode(frame)
        return encode(frame)

    meddler.request = swallow
    _refused(pin_pad, PinPadCode.FORGED)


def test_an_answer_cut_short_is_no_frame(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    meddler.meddle = lambda frame: encode(frame)[:-9] if frame.kind is FrameType.ANSWER else encode(frame)
    _refused(pin_pad, PinPadCode.BAD_ANSWER)


@pytest.mark.parametrize("counter", [0, 2, 3, 2**32 - 1])
def test_an_answer_to_a_request_that_was_not_made(pin_pad: SerialPinPad, meddler: Meddler, counter: int) -> None:
    meddler.meddle = _only(FrameType.ANSWER, lambda payload: counter.to_bytes(4, "big") + payload[COUNTER_BYTES:])
    _refused(pin_pad, PinPadCode.FORGED)


def test_a_state_that_somebody_else_signed(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    def forge(frame: Frame) -> bytes:
        if frame.kind is not FrameType.STATE_ANSWER:
            return encode(frame)
        return encode(StateAnswer(frame.payload[:16], Held.NOTHING, bytes(64)).frame())

    meddler.meddle = forge
    assert pin_pad.prove().code == PinPadCode.NOT_TRUSTED
    assert [fault.code for fault in pin_pad.readiness().faults] == [PinPadCode.NOT_TRUSTED]


def test_an_old_statement_that_the_pad_holds_nothing(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    assert pin_pad.prove().proved
    old = meddler.answers[-1]
    meddler.meddle = lambda frame: encode(old)
    proof = pin_pad.prove()
    assert (proof.proved, proof.code) == (False, PinPadCode.BAD_ANSWER)


def _signed_state(held: Held) -> Meddle:
    def say(frame: Frame) -> bytes:
        if frame.kind is not FrameType.STATE_ANSWER:
            return encode(frame)
        nonce = frame.payload[:16]
        return encode(StateAnswer(nonce, held, IDENTITY.sign(state_statement(nonce, held))).frame())

    return say


@pytest.mark.parametrize("held", [Held.SESSION, Held.DIGITS, Held.SESSION | Held.DIGITS | Held.STUCK_KEY])
def test_a_pad_that_says_that_it_holds_something_is_not_proved(
    pin_pad: SerialPinPad, meddler: Meddler, held: Held
) -> None:
    meddler.meddle = _signed_state(held)
    assert pin_pad.prove().code == PinPadCode.NOT_CLEARED


def test_a_pad_of_another_version(pin_pad: SerialPinPad, meddler: Meddler) -> None:
    def other(frame: Frame) -> bytes:
        if frame.kind is not FrameType.HELLO_ANSWER:
            return encode(frame)
        own = HelloAnswer.parse(frame.payload)
        newer = replace(own, version=2)
        signature = IDENTITY.sign(transcript(Hello.parse(meddler.requests[-1].payload), newer))
        return encode(replace(newer, signature=signature).frame())

    meddler.meddle = other
    _refused(pin_pad, PinPadCode.BAD_ANSWER)


def test_a_pad_that_is_sound_again_is_looked_at_once() -> None:
    desk = _used_desk()
    desk.plan(PinPadFault.ANSWER_IN_CLEAR)
    _refused(desk.pin_pad, PinPadCode.FORGED)
    assert desk.levels() == []
    before = len(desk.tap.requests)
    assert desk.levels() == []
    assert len(desk.tap.requests) == before + 1


def test_the_wrong_pad_is_a_level_until_the_right_one_is_back() -> None:
    desk = model_desk()
    desk.plan(PinPadFault.WRONG_IDENTITY, UntilCleared())
    assert desk.levels() == [PinPadCode.NOT_TRUSTED]
    assert not desk.pin_pad.readiness().ready
    _refused(desk.pin_pad, PinPadCode.NOT_TRUSTED)
    desk.heal()
    assert desk.pin_pad.readiness().ready


@pytest.mark.parametrize("fault", [PinPadFault.ANSWER_IN_CLEAR, PinPadFault.REPLAYED_ENTRY])
def test_a_pad_that_was_refused_is_looked_at_again_before_it_is_called_ready(fault: PinPadFault) -> None:
    desk = _used_desk()
    desk.plan(fault, UntilCleared())
    _refused(desk.pin_pad, PinPadCode.FORGED)
    assert desk.levels() == [PinPadCode.FORGED]
    desk.heal()
    assert desk.levels() == []
    assert desk.pin_pad.prove().proved


def test_a_replayed_entry_among_good_answers(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        desk = _used_desk()
        desk.plan(PinPadFault.REPLAYED_ENTRY, After(number) if number else Next())
        keys = iter(["", "", "5678#"])
        desk.model.on_start = None
        entry = desk.pin_pad.enter(Asking(on_look=lambda _, desk=desk, keys=keys: desk.model.press(next(keys, ""))), 10)  # type: ignore[misc]
        assert isinstance(entry, PinEntryFailed)
        assert entry.code is PinPadCode.FORGED
    assert capsys.readouterr() == ("", "")


def _used_desk() -> Desk:
    desk = model_desk()
    desk.person_types("1234#")
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)
    return desk
