"""The story of ``make demo``: six customers at one emulated terminal, and what it does for (and against) each."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from honnin.demo.papers import collect_sheets, write_summary
from honnin.demo.visit import Visit
from honnin.demo.world import World
from simulator.centre.faults import HandsOverPreviousSheet
from simulator.home import Home
from simulator.people.typist import Typist
from terminal.money.ledger import FILE_NAME as LEDGER_FILE
from terminal.readiness import JOURNAL_FILE

STAFF = "SHOP-07"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one visit, for the summary."""

    visit: Visit
    wanted: str
    outcome: str
    sheets: tuple[Path, ...]
    held_yen: int


def tell(out: Path, home: Home) -> int:
    """Tell it, and leave sheets, receipts, journal and summary in ``out``; the exit code."""
    started_s = time.monotonic()
    console = Console()
    _empty(out)
    console.print("[bold]Honnin 本人[/] — 見本 / SPECIMEN: emulated card, printer, centre; invented residents.")
    with World(out / "world", home) as world:
        for name, wire in _wires(world):
            console.print(f"  {name:<14}{wire}", highlight=False)
        with world.terminal() as terminal:
            told = [_tell_one(number, chapter, world, terminal, console) for number, chapter in enumerate(CHAPTERS, 1)]
        for name in (JOURNAL_FILE, f"{JOURNAL_FILE}.head", LEDGER_FILE):
            shutil.copy(world.state_dir / name, out / name)
        shutil.copytree(world.hardware.slips, out / "slips")
        sheets = collect_sheets(told, out, home)
        write_summary(out, told, sheets, dict(_wires(world)), time.monotonic() - started_s)
    console.rule("[bold]out/", align="left")
    for path in sorted(out.rglob("*")):
        if path.is_file() and "world" not in path.parts:
            console.print(f"  {path}", highlight=False)
    console.print(f"  told in {time.monotonic() - started_s:.0f} s", highlight=False)
    return 0


def _empty(out: Path) -> None:
    for name in ("world", "sheets", "receipts", "slips"):
        shutil.rmtree(out / name, ignore_errors=True)
    for path in (*out.glob(f"{JOURNAL_FILE}*"), *out.glob(f"{LEDGER_FILE}*"), out / "summary.md"):
        path.unlink(missing_ok=True)
    (out / "receipts").mkdir(parents=True)


def _wires(world: World) -> list[tuple[str, str]]:
    wires = world.wires
    return [
        ("card", wires.card_reader),
        ("printer", wires.printer),
        ("centre", wires.centre),
        ("coins", wires.coins),
        ("notes", wires.notes),
        ("PIN pad", wires.pin_pad),
        ("signal tower", wires.signal_tower),
        ("receipts", wires.receipt_printer),
        ("screen", wires.screen),
    ]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One customer: who, what for, and how it goes; ``play`` returns the outcome in words."""

    who: str
    wanted: str
    story: str
    play: Callable[[Visit], str]


def _tell_one(number: int, chapter: Chapter, world: World, terminal: Typist, console: Console) -> Told:
    visit = Visit(number, chapter.who, world, terminal, console)
    before = set(world.tray.glob("*.pdf"))
    visit.begin(chapter.story)
    outcome = chapter.play(visit)
    terminal.wait_for("welcome", timeout_s=60.0)
    visit.tell(f"[bold green]✓ {outcome}[/]")
    sheets = tuple(sorted(set(world.tray.glob("*.pdf")) - before))
    text = "\n".join(_plain(line) for line in [f"{number}. {chapter.who}", *visit.receipt])
    (world.directory.parent / "receipts" / f"{number}.txt").write_text(text + "\n", encoding="utf-8")
    return Told(visit, chapter.wanted, outcome, sheets, world.hardware.inside_yen())


def _plain(line: str) -> str:
    """A line of the story without its colours."""
    for mark in ("[cyan]", "[bold green]", "[bold red]", "[/]"):
        line = line.replace(mark, "")
    return line


def _buy_household(visit: Visit) -> str:
    visit.authenticate("head")
    visit.see("choose_kind")
    visit.choose("住民票の写し")
    visit.see("choose_scope")
    visit.choose("世帯全員")
    visit.see("choose_items")
    visit.choose("世帯主・続柄")
    visit.choose("本籍・筆頭者")
    visit.ok()
    visit.see("choose_copies")
    visit.choose("1通")
    visit.see("confirm")
    visit.ok()
    visit.pay(100, 100)
    visit.see("take_sheets")
    visit.ok()
    return "printed: one residence certificate of the household, relationship and registered domicile shown"


def _buy_seal(visit: Visit) -> str:
    visit.authenticate("adult")
    visit.see("choose_kind")
    visit.choose("印鑑登録証明書")
    visit.see("choose_copies")
    visit.choose("2通")
    visit.see("confirm")
    visit.ok()
    visit.pay(note_yen=1000)
    visit.see("take_sheets")
    visit.take_money()
    visit.ok()
    return "printed: two copies of the seal certificate, each with its own number; 600 yen change"


def _meet_the_mistake(visit: Visit) -> str:
    visit.world.centre.faults.next(HandsOverPreviousSheet())
    visit.tell("[bold red]! The municipal server will hand over the previous customer's sheet under this request.[/]")
    visit.authenticate("takahashi")
    visit.see("choose_kind")
    visit.choose("印鑑登録証明書")
    visit.see("choose_copies")
    visit.choose("1通")
    visit.see("confirm")
    visit.ok()
    visit.see("sorry")
    visit.ok()
    visit.see("stopped")
    held = visit.world.hardware.inside_yen()
    visit.tell(f"the terminal holds {held} yen, as before: no fee was asked for a sheet that had not passed")
    visit.world.centre.faults.clear()
    for command in ("status", "release", "status"):
        visit.tell(visit.staff(command, STAFF))
    return "refused: another person's sheet; no fee was taken, nothing printed, terminal stopped, released by staff"


def _meet_a_stuck_hopper(visit: Visit) -> str:
    hardware = visit.world.hardware
    hardware.do("coins", "add-fault", kind="hopper-jam", until_cleared=True)
    visit.tell("[bold red]! Every hopper will jam at its first coin: no change can come out.[/]")
    visit.authenticate("takahashi")
    visit.see("choose_kind")
    visit.choose("印鑑登録証明書")
    visit.see("choose_copies")
    visit.choose("1通")
    visit.see("confirm")
    visit.ok()
    visit.pay(500)
    visit.see("take_sheets")
    visit.ok()
    visit.see("out_of_service")
    ticket = hardware.look("receipt_printer")["last_slip"]
    for line in ticket if isinstance(ticket, list) else []:
        visit.tell(f"[cyan]▯ {line}[/]")
    hardware.do("coins", "heal")
    for command in ("status", "pay-claim", "settle"):
        visit.tell(visit.staff(command, STAFF))
    return "printed; the change was owed, on record and on a claim ticket, and staff paid it out of their till"


def _ask_for_a_cancelled_seal(visit: Visit) -> str:
    visit.authenticate("cancelled-seal")
    visit.see("choose_kind")
    visit.choose("印鑑登録証明書")
    visit.see("kind_refused")
    visit.ok()
    visit.see("choose_kind")
    visit.cancel()
    return "refused with its reason: the seal registration was cancelled; no fee"


def _mistype(visit: Visit) -> str:
    visit.tap("yamazaki")
    visit.see("enter_pin")
    visit.pin("0000")
    visit.see("enter_pin")
    visit.pin("1111")
    visit.see("confirm_last_try")
    visit.tell("the last try is not burnt unasked: the customer thinks again, and cancels")
    visit.cancel()
    visit.see("take_card_back")
    visit.lift()
    return "wrong PIN twice; at the last try the customer was asked first and left with the card still usable"


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "見本 太郎 — a residence certificate for the household",
        "residence certificate, household, relationship and domicile",
        "He wants 住民票の写し for all three of his household.",
        _buy_household,
    ),
    Chapter(
        "見本 花子 — two seal certificates",
        "seal certificate, 2 copies",
        "The next person, minutes later: two copies of 印鑑登録証明書.",
        _buy_seal,
    ),
    Chapter(
        "髙橋 見本 — and the server's mistake",
        "seal certificate",
        "As in Yokohama, Kawasaki and Munakata: the server gives out the paper of the customer before.",
        _meet_the_mistake,
    ),
    Chapter(
        "髙橋 見本 again — and jammed hoppers",
        "seal certificate",
        "The server is repaired. A coin of 500 yen for a fee of 200, and the change does not come out.",
        _meet_a_stuck_hopper,
    ),
    Chapter(
        "廃印 見本 — a cancelled seal",
        "seal certificate",
        "The seal registration was cancelled; in Niigata, Saitama and Kumamoto such certificates were printed.",
        _ask_for_a_cancelled_seal,
    ),
    Chapter(
        "山﨑 架空 — wrong PINs",
        "residence certificate",
        "The PIN is forgotten: two wrong tries, one left.",
        _mistype,
    ),
)
