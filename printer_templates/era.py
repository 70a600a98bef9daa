"""Era dates (和暦) as certificates print them; data keep ISO dates.

Boundaries: 元号法 (昭和54年法律第43号) and the imperial ordinances before it. Meiji began on 23 October 1868, but the lunar
calendar was in force until 2 December 1872, so days before 1 January 1873 (明治6年, 太政官布告第337号) have no plain Gregorian
equivalent and are refused.
"""

from datetime import date

from printer_templates.errors import FormError, FormErrorCode

_ERAS: tuple[tuple[date, str], ...] = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1873, 1, 1), "明治"),
)
_FIRST_YEARS = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "明治": 1868}


def era_date(day: date) -> str:
    """``day`` as 令和元年5月1日; raise ``FormError`` BAD_DATE for days before 1873."""
    for first_day, era in _ERAS:
        if day >= first_day:
            year = day.year - _FIRST_YEARS[era] + 1
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise FormError(
        FormErrorCode.BAD_DATE,
        "a day from 1873-01-01 on was expected, but an earlier one came; the municipality must check the record",
    )
