"""Era dates on paper: the first and last day of every era, and days that have no era date."""

from datetime import date

import pytest

from printer_templates.era import era_date
from printer_templates.errors import FormError, FormErrorCode


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 12, 31), "大正元年12月31日"),
        (date(1913, 1, 1), "大正2年1月1日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1927, 1, 1), "昭和2年1月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 2, 29), "令和2年2月29日"),
        (date(2026, 11, 23), "令和8年11月23日"),
    ],
)
def test_each_era_begins_and_ends_on_its_day(day: date, printed: str) -> None:
    assert era_date(day) == printed


@pytest.mark.parametrize("day", [date(1872, 12, 31), date(1868, 10, 23), date.min])
def test_a_day_of_the_lunar_calendar_is_refused(day: date) -> None:
    with pytest.raises(FormError) as refused:
        era_date(day)
    assert refused.value.code == FormErrorCode.BAD_DATE
