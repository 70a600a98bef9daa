"""What the benchmark measures is a whole purchase, and what it is held against is a like page. No test asserts a time."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from simulator.bench import certificates, customer, events
from simulator.bench.baselines import REPORTLAB, drawers
from simulator.bench.customer import UnexpectedScreenError
from simulator.bench.findings import FINDINGS
from simulator.bench.meter import Meter
from simulator.bench.page_plan import plan
from simulator.bench.people import CASES, HOUSEHOLD_OF_3, HOUSEHOLD_OF_14, SEAL, Case, record
from simulator.bench.probes import PARTS, REST, probes
from simulator.bench.shop import Shop
from simulator.home import Home
from simulator.people.residents import resident
from terminal.devices.screen.api import CancelPressed
from terminal.journal.verify import verify_journal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def shop(folder: Path) -> Iterator[Shop]:
    with Shop(Home(folder / "home"), folder) as shop:
        yield shop


def words(pdf: bytes) -> list[str]:
    """The text of each page, without blanks, in compatibility form."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [bare(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def bare(text: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_measured_purchase_ends_with_the_right_person_s_sheets(shop: Shop, case: Case) -> None:
    bought = shop.buy(case)
    pages = words(bought.document.pdf)
    assert len(pages) == bought.document.impressions == 2 * case.pages
    assert bare(resident(case.profile).name) in pages[0]
    assert bought.cpu_ms > 0
    for screen in ("enter_pin", "take_card", "confirm", "pay", "requesting", "verifying", "take_sheets"):
        assert screen in bought.screens


def test_a_purchase_that_comes_to_nothing_is_no_measurement(folder: Path, tmp_path: Path) -> None:
    with Shop(Home(folder / "home"), tmp_path) as shop, pytest.raises(UnexpectedScreenError, match="expected a sheet"):
        shop.buy(replace(SEAL, profile="cancelled-seal"))


def test_a_customer_who_goes_home_without_a_sheet_is_no_measurement(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer, "OkPressed", CancelPressed)
    with Shop(Home(folder / "home"), tmp_path) as shop, pytest.raises(RuntimeError, match="one delivered certificate"):
        shop.buy(SEAL)


def test_measured_purchases_stand_in_the_journal(shop: Shop, folder: Path) -> None:
    before = verify_journal(folder / "journal.sqlite").tally.customers
    shop.buy(SEAL)
    report = verify_journal(folder / "journal.sqlite")
    assert report.tally.customers == before + 1
    assert not report.tally.open_customer
    assert report.ok, report.breaches


def test_every_part_of_the_breakdown_is_passed_in_a_purchase(shop: Shop) -> None:
    meter = Meter(REST)
    with meter.installed(probes()):
        shop.buy(HOUSEHOLD_OF_3, on_tap=meter.start, on_ready=meter.stop)
    assert set(meter.spent_ns) == set(PARTS)


def test_parts_add_up_to_the_whole(shop: Shop) -> None:
    meter = Meter(REST)
    with meter.installed(probes()):
        bought = shop.buy(SEAL, on_tap=meter.start, on_ready=meter.stop)
    # The meter starts before and stops after the purchase's own clock.
    assert sum(meter.spent_ms(part) for part in PARTS) >= bought.cpu_ms * 0.99


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_like_page_says_what_the_certificate_says(shop: Shop, case: Case) -> None:
    certificate = words(shop.buy(case).document.pdf)
    pages = plan(record(case))
    assert len(pages) == len(certificate)
    for page, sheet in zip(pages, certificate, strict=True):
        missing = [text.text for text in page.texts if bare(text.text) not in sheet and not _differs(text.text)]
        assert missing == []


def _differs(text: str) -> bool:
    """Date of issue and document number are a purchase's own."""
    return "発行番号" in text or bool(re.search(r"令和.*年.*月.*日", text))


def test_every_library_draws_the_like_page(folder: Path) -> None:
    pages = plan(record(HOUSEHOLD_OF_14))
    draws = drawers(folder)
    assert REPORTLAB in draws
    for name, draw in draws.items():
        drawn = words(draw(pages))
        assert len(drawn) == len(pages), name
        assert all(bare(text.text) in drawn[0] for text in pages[0].texts), name


def test_the_baseline_carries_the_back_s_raster(folder: Path) -> None:
    drawn = drawers(folder)[REPORTLAB](plan(record(SEAL)))
    assert len(drawn) > 2 * 531 * 709 // 8


def test_a_script_that_no_longer_fits_the_machine_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = events.purchase()
    assert events.measure(2).event_us.runs == 2 * len(whole)
    monkeypatch.setattr(events, "purchase", lambda: whole[:5] + whole[6:])
    with pytest.raises(RuntimeError, match="bring the script up"):
        events.measure(1)


def test_ratios_are_medians_of_the_same_rounds(shop: Shop, folder: Path) -> None:
    draws = {REPORTLAB: drawers(folder)[REPORTLAB]}
    times = certificates.measure(shop, draws, SEAL, certificates.Rounds(warm_up=0, count=2, slow_every=1))
    ratio = times.ratio(certificates.VERIFIED, REPORTLAB)
    assert ratio == times.cpu[certificates.VERIFIED].median / times.cpu[REPORTLAB].median
    assert times.cpu[certificates.VERIFIED].runs == times.cpu[REPORTLAB].runs == 2
    assert set(times.size_bytes) == {certificates.VERIFIED, REPORTLAB}


def test_resets_are_measured_with_real_processes(tmp_path: Path) -> None:
    result = tmp_path / "findings.json"
    command = [sys.executable, "-m", "simulator.bench", "--quick", "--only", "resets", "--result", str(result)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = FINDINGS.validate_json(result.read_bytes())
    in_order, killed, both = (int(row[1]) for row in found.tables[0].rows[:3])
    assert in_order > 0 and killed > 0 and in_order + killed == both == 4
    assert found.budgets[0].verdict != "not measured"


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    command = [sys.executable, "-m", "simulator.bench", "--quick", "--only", "events", "--write", str(page)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    text = page.read_text(encoding="utf-8")
    assert "machine, one event" in text
    assert "its numbers mean nothing" in text
