"""docs/protocols/receipt-printer.md: its example runs, and it names every code of a level."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

from terminal.devices.receipt_printer.api import ReceiptCode
from tests.receipt_kit import wire_shop

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocols" / "receipt-printer.md"


def test_the_example_prints_on_the_emulator(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names: dict[str, object] = {}
    exec(compile(example.group(1), str(PAGE), "exec"), names)  # noqa: S102 - the page's own example
    print_one = cast("Callable[[Path], bool]", names["print_one"])
    with wire_shop(tmp_path) as shop:
        assert print_one(tmp_path / "receipt")
        assert "手数料                                      ¥300" in shop.model.slips[-1].lines


def test_every_level_stands_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    not_levels = {ReceiptCode.NOT_PRINTABLE, ReceiptCode.LINE_GONE}
    assert [code for code in ReceiptCode if code not in not_levels and code not in page] == []
