"""Page codes as QR modules (ISO/IEC 18004, byte mode), and back from pixels."""

import numpy as np
import numpy.typing as npt
import zxingcpp

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.marks.scramble import Bits

MAX_MODULES = 77
"""Version 15: at 36 mm a module is still 0.42 mm, two and a half pixels at 150 dpi."""
_DATA_MASK = 2
"""Fixed, because trying all eight and weighing them takes 0.9 of 1.0 ms (docs/decisions/0015-one-mask-for-every-page-code.md)."""


def modules(data: bytes) -> Bits:
    """The code's modules without quiet zone, True is black; raise ``FormError`` PAGE_CODE_TOO_LONG.

    Error correction is level M, and L for the few that would otherwise be too fine to print.
    """
    for level in ("M", "L"):
        try:
            barcode = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level=level, data_mask=_DATA_MASK)
        except ValueError:
            continue
        picture = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False))
        if picture.shape[0] <= MAX_MODULES:
            black: Bits = picture < 128
            return black
    raise FormError(
        FormErrorCode.PAGE_CODE_TOO_LONG,
        "name and numbers that fit a readable 2D code were expected, but they are longer; the counter must issue this one",
    )


def read(pixels: npt.NDArray[np.uint8]) -> bytes:
    """The bytes of the one QR code in ``pixels`` (grey or RGB); raise ``FormError`` PAGE_CODE_BAD for none or several."""
    found = [code for code in zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode) if code.valid]
    if len(found) != 1:
        raise FormError(
            FormErrorCode.PAGE_CODE_BAD,
            f"one readable 2D code was expected on the page, but {len(found)} were found; scan the page again at 150 dpi or more",
        )
    data: bytes = found[0].bytes
    return data
