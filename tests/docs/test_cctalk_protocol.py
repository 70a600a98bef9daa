"""docs/protocols/cctalk.md: its example runs, and it names every code and every header that is used."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import cast

from terminal.devices.coins.api import CoinsCode
from terminal.devices.coins.headers import Header
from tests.coins_kit import Shop, wire_shop

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "protocols" / "cctalk.md"
ALONE = {"terminal.errors", "terminal.clock", "terminal.devices.serial_line", "terminal.devices.api"}


def test_the_example_sees_a_coin_on_the_emulator(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names: dict[str, object] = {}
    exec(compile(example.group(1), str(PAGE), "exec"), names)  # noqa: S102 - the page's own example
    next_coin = cast("Callable[[Path], int]", names["next_coin"])
    with wire_shop(tmp_path) as shop:
        someone = Timer(0.3, _insert_when_open, [shop])
        someone.start()
        assert next_coin(tmp_path / "coins") == 500
        someone.join()


def _insert_when_open(shop: Shop) -> None:
    for _ in range(100):
        with shop.lock:
            if shop.model.acceptor.takes(500):
                shop.model.insert(500)
                return
        shop.pause(0.05)


def test_every_code_stands_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in CoinsCode if code not in page] == []


def test_the_drivers_rooms_import_nothing_but_what_a_stranger_gets_with_them() -> None:
    for path in (ROOT / "terminal" / "devices" / "coins").glob("*.py"):
        for name in re.findall(r"^(?:from|import) ([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            own = name.startswith("terminal.devices.coins.") or name in ALONE
            assert own or name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"


def test_every_header_that_the_driver_asks_stands_on_the_page() -> None:
    rooms = (ROOT / "terminal" / "devices" / "coins").glob("*.py")
    asked = {name for path in rooms for name in re.findall(r"Header\.([A-Z_]+)", path.read_text(encoding="utf-8"))}
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in sorted(asked) if not re.search(rf"\b{Header[name].value}\b", page)] == []
