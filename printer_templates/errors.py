"""The printed forms' failures: one typed error with a code of this room's catalogue."""

from enum import StrEnum

from terminal.errors import HonninError


class FormErrorCode(StrEnum):
    """Why a form could not be drawn, or a mark on a sheet could not be read."""

    FONT_MISSING = "FORM_FONT_MISSING"
    FONT_UNUSABLE = "FORM_FONT_UNUSABLE"
    GLYPH_MISSING = "FORM_GLYPH_MISSING"
    TEXT_TOO_LONG = "FORM_TEXT_TOO_LONG"
    BLANK_VALUE = "FORM_BLANK_VALUE"
    BAD_IMAGE = "FORM_BAD_IMAGE"
    BAD_DATE = "FORM_BAD_DATE"
    ITEM_NOT_CHOSEN = "FORM_ITEM_NOT_CHOSEN"
    BAD_IDENTITY = "FORM_BAD_IDENTITY"
    PAGE_CODE_BAD = "FORM_PAGE_CODE_BAD"
    PAGE_CODE_NOT_GENUINE = "FORM_PAGE_CODE_NOT_GENUINE"
    PAGE_CODE_TOO_LONG = "FORM_PAGE_CODE_TOO_LONG"
    SCRAMBLE_NOT_FOUND = "FORM_SCRAMBLE_NOT_FOUND"
    SCRAMBLE_WRONG_KEY = "FORM_SCRAMBLE_WRONG_KEY"


class FormError(HonninError):
    """A certificate could not be drawn or read back; ``code`` is a ``FormErrorCode``. Never carries personal data."""

    def __init__(self, code: FormErrorCode, text: str) -> None:
        super().__init__(code.value, text)
