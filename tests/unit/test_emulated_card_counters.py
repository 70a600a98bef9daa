"""Retry counters outlive power, process and crash: a blocked card stays blocked."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import assemble, load_card, load_material
from simulator.devices.card_reader.profiles import profile
from simulator.devices.card_reader.secret_store import FileSecrets, MemorySecrets, Secret, present
from simulator.home import HomeError, HomeErrorCode
from simulator.pki import load_or_create
from tests.emulated_card_kit import shared_home, status_word

SELECT_PIN = ("00A4040C 0A D392F000260100000001", "00A4020C 02 0018")
RIGHT = "00200080 04 31323334"
WRONG = "00200080 04 39393939"
TRIES = "00200080"
NAME = "jpki/authentication"


def card_kept_in(path: Path) -> Card:
    home = shared_home()
    authorities = load_or_create(home)
    material = load_material(home, profile("adult"), authorities)
    card = assemble(profile("adult"), material, authorities, FileSecrets(path, {NAME: Secret.fresh("1234", 3)}))
    card.power_on()
    for apdu in SELECT_PIN:
        assert status_word(card, apdu) == "9000"
    return card


def test_a_spent_try_is_remembered_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    assert status_word(card_kept_in(path), WRONG) == "63C2"
    asked = subprocess.run(
        [sys.executable, "-c", _ASK, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert asked.stdout.strip() == "2"


_ASK = """
import sys, pathlib
from simulator.devices.card_reader.secret_store import FileSecrets
print(FileSecrets(pathlib.Path(sys.argv[1]), {}).read("jpki/authentication").tries_left)
"""


def test_a_blocked_card_stays_blocked(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    for _ in range(3):
        status_word(card_kept_in(path), WRONG)
    again = card_kept_in(path)
    assert status_word(again, TRIES) == "63C0"
    assert status_word(again, RIGHT) == "6984"


def test_two_processes_with_one_card_share_its_counter(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    one, other = card_kept_in(path), card_kept_in(path)
    assert status_word(one, WRONG) == "63C2"
    assert status_word(other, WRONG) == "63C1"
    assert status_word(one, TRIES) == "63C1"


def test_no_try_is_lost_when_many_offer_at_once(tmp_path: Path) -> None:
    stores = [FileSecrets(tmp_path / "secrets.json", {NAME: Secret.fresh("1234", 100)}) for _ in range(4)]

    def offer(store: FileSecrets) -> None:
        for _ in range(10):
            present(store, NAME, b"9999")

    with ThreadPoolExecutor() as executor:
        list(executor.map(offer, stores))
    assert stores[0].read(NAME).tries_left == 60


def test_a_changed_pin_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    card = card_kept_in(path)
    status_word(card, RIGHT)
    assert status_word(card, "00240180 04 35363738") == "9000"
    assert status_word(card_kept_in(path), "00200080 04 35363738") == "9000"


def test_the_file_is_private_and_no_draft_is_left(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    status_word(card_kept_in(path), WRONG)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["secrets.json", "secrets.lock"]


class FullDisk(MemorySecrets):
    """A store that can be read but keeps nothing any more."""

    def change(self, name: str, change: Callable[[Secret], Secret]) -> Secret:
        raise OSError(28, "No space left on device")


def test_a_try_that_cannot_be_kept_is_not_answered_as_one() -> None:
    home = shared_home()
    authorities = load_or_create(home)
    material = load_material(home, profile("adult"), authorities)
    card = assemble(profile("adult"), material, authorities, FullDisk({NAME: Secret.fresh("1234", 3)}))
    card.power_on()
    for apdu in SELECT_PIN:
        status_word(card, apdu)
    assert status_word(card, WRONG) == "6581"
    assert status_word(card, TRIES) == "63C3"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"jpki/authentication": {"value": "1234"}}', b"\xff\x00"])
def test_a_damaged_file_is_named_and_never_taken_for_a_new_card(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content)
    with pytest.raises(HomeError) as caught:
        card_kept_in(path)
    assert caught.value.code == HomeErrorCode.DAMAGED
    assert str(path) in caught.value.failure.text
    assert path.read_bytes() == content


def test_a_file_that_is_damaged_while_the_card_is_in_use_is_a_memory_failure(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    card = card_kept_in(path)
    path.write_bytes(b"garbage")
    assert status_word(card, TRIES) == "6581"
    assert status_word(card, RIGHT) == "6581"


def test_loading_a_profile_twice_keeps_its_counters() -> None:
    for expected in ("63C0", "6984"):
        card = load_card(shared_home(), "auth-last-try")
        card.power_on()
        for apdu in SELECT_PIN:
            status_word(card, apdu)
        assert status_word(card, WRONG) == expected
