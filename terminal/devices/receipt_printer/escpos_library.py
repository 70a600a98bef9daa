"""python-escpos with the one printer profile that we use, in place of its database of all printers.

The database takes 0.3 s to read, a fifth of the time that a terminal has for its cold start (design section 10). The variable is
the library's own (``escpos/capabilities.py``); whoever sets it before us knows why.
"""

import os
from pathlib import Path

os.environ.setdefault("ESCPOS_CAPABILITIES_FILE", str(Path(__file__).with_name("profile.json")))

from escpos.escpos import QR_ECLEVEL_M as QR_ECLEVEL_M
from escpos.escpos import Escpos as Escpos
