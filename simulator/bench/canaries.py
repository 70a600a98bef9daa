"""Bytes of the last customer found anywhere after it: the hunt of promise P2, on a terminal that runs as in a store."""

import tempfile
from pathlib import Path

from honnin.demo.world import World
from printer_templates.certificate import draw_certificate
from simulator.bench.findings import Findings, judged, not_measured
from simulator.bench.hunted import Stage, buy, canaries, hunt_everywhere, overhear, rarest_pin, run_service
from simulator.bench.people import household_of_three, identities
from simulator.centre.pki import load_or_create
from simulator.centre.seed import MUNICIPALITY_CODES
from simulator.checkers.memory_hunt import Hunter
from simulator.home import Home
from simulator.people.typist import ScreenNeverShownError

_WHAT = "bytes of the last customer found anywhere after it"


def run(quick: bool) -> Findings:
    """The section of the report; one customer however quick, because a hunt of none proves nothing."""
    try:
        hits, bytes_read, kinds = measure()
    except (ScreenNeverShownError, OSError) as error:
        return Findings("Canaries", (), budgets=(not_measured(_WHAT, "0", f"{type(error).__name__}: is this root?"),))
    how = (
        f"One customer buys a residence certificate with My Number; then {kinds} canaries (name, address, My Number, PIN, "
        f"request id, session key, pieces of the PDF) are looked for in {bytes_read / 1e6:.0f} MB of the service's memory and "
        "files, in UTF-8, UTF-16, UTF-32 and raw. `tests/faults/test_memory_hunt.py` also shows that the hunt finds a "
        "terminal whose reset is polite."
    )
    return Findings("Canaries", (how,), budgets=(judged(_WHAT, hits, 0, "", form=".0f"),))


def measure() -> tuple[int, int, int]:
    """Hits, bytes looked at and number of canaries, after one customer."""
    with tempfile.TemporaryDirectory(prefix="honnin-bench-") as name:
        home = Home(Path(name) / "home")
        with World(Path(name), home, side_s=0.01) as world, run_service(world) as terminal:
            stage = Stage(world, terminal, overhear(world))
            terminal.wait_for("welcome", timeout_s=60)
            pin, _ = rarest_pin(stage.service_pids())
            signer = load_or_create(home, MUNICIPALITY_CODES).municipal_sheet_key(MUNICIPALITY_CODES[0])
            stranger = draw_certificate(household_of_three(), identities(1), signer, specimen=True).pdf
            wanted = canaries(stage, pin, buy(stage, pin), stranger)
            memory, files = hunt_everywhere(stage, Hunter(wanted))
            return len(memory.hits) + len(files.hits), memory.bytes_read + files.bytes_read, len(wanted)
