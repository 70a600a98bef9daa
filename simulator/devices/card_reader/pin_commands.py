"""VERIFY, the question for the tries left, and CHANGE REFERENCE DATA.

Source: reference jpki-card.md sections 2.3 and 2.4.
"""

from dataclasses import replace

from simulator.devices.card_reader.apdu import TRIES_LEFT, Answer, CommandApdu, StatusWord
from simulator.devices.card_reader.files import PinFile
from simulator.devices.card_reader.secret_store import SecretStore, present
from simulator.devices.card_reader.session import CardSession


def verify(session: CardSession, secrets: SecretStore, command: CommandApdu) -> Answer:
    """VERIFY; without data it only answers 63Cx, also when blocked (63C0), and spends nothing."""
    if command.p1 != 0x00:
        return Answer(StatusWord.WRONG_PARAMETERS)
    pin_file = _addressed(session, command)
    if isinstance(pin_file, StatusWord):
        return Answer(pin_file)
    if not command.data:
        return Answer(TRIES_LEFT | min(secrets.read(pin_file.secret).tries_left, 0x0F))
    if secrets.read(pin_file.secret).tries_left == 0:
        return Answer(StatusWord.BLOCKED)
    return _offer(session, secrets, pin_file, command.data)


def change_reference_data(session: CardSession, secrets: SecretStore, command: CommandApdu) -> Answer:
    """CHANGE REFERENCE DATA (P1 01: the new value only), allowed once the present value was verified."""
    if command.p1 != 0x01:
        return Answer(StatusWord.WRONG_PARAMETERS)
    pin_file = _addressed(session, command)
    if isinstance(pin_file, StatusWord):
        return Answer(pin_file)
    return _replace(session, secrets, pin_file, command.data)


def change_key(session: CardSession, secrets: SecretStore, command: CommandApdu) -> Answer:
    """CHANGE KEY (80 32 00 80) of the common and resident-register applications: the same act under another name."""
    if command.p1 != 0x00:
        return Answer(StatusWord.WRONG_PARAMETERS)
    pin_file = _addressed(session, command)
    if isinstance(pin_file, StatusWord):
        return Answer(pin_file)
    return _replace(session, secrets, pin_file, command.data)


def _addressed(session: CardSession, command: CommandApdu) -> PinFile | StatusWord:
    wrong = session.choose_by_reference(command.p2)
    if wrong is not None:
        return wrong
    file = session.file
    return file if isinstance(file, PinFile) else StatusWord.WRONG_FILE_STRUCTURE


def _mark(session: CardSession, verified: bool) -> None:
    if session.application is None or session.file_identifier is None:
        raise AssertionError("a PIN file is current only inside an application")
    entry = (session.application.aid, session.file_identifier)
    if verified:
        session.verified.add(entry)
    else:
        session.verified.discard(entry)


def _offer(session: CardSession, secrets: SecretStore, pin_file: PinFile, offered: bytes) -> Answer:
    _mark(session, verified=False)
    spent = present(secrets, pin_file.secret, offered)
    if spent is not None:
        return Answer(TRIES_LEFT | min(spent.tries_left, 0x0F))
    _mark(session, verified=True)
    return Answer(StatusWord.DONE)


def _replace(session: CardSession, secrets: SecretStore, pin_file: PinFile, value: bytes) -> Answer:
    if session.file_identifier not in session.verified_here():
        return Answer(StatusWord.SECURITY_STATUS)
    if not value:
        return Answer(StatusWord.WRONG_LENGTH)
    if pin_file.form.fullmatch(value) is None:
        return Answer(StatusWord.WRONG_DATA)
    secrets.change(pin_file.secret, lambda now: replace(now, value=value.decode("ascii")))
    return Answer(StatusWord.DONE)
