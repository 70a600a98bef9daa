"""The invented residents: one list for the cards, the registers and the stories, hard names included.

Nobody here is real: the municipalities are numbered beyond the real codes (99xxx), and every My Number has a wrong check
digit, so that it can belong to no one.
"""

from dataclasses import dataclass, replace
from datetime import date

from printer_templates.records import BasicFour, Sex


@dataclass(frozen=True, slots=True)
class Resident:
    """A resident as the municipality's register knows them; ``key`` names the person in profiles, plans and stories."""

    key: str
    name: str
    address: str
    birth_date: date
    sex: Sex
    household: str
    relationship: str
    my_number: str
    municipality_code: str = "99101"
    resident_since: date = date(2016, 4, 1)
    registered_domicile: str | None = None
    head_of_register: str | None = None
    former_name: str | None = None
    nationality: str | None = None
    residence_status: str | None = None
    residence_expiry: date | None = None
    seal_number: str | None = None
    seal_text: str | None = None

    @property
    def basic_four(self) -> BasicFour:
        """The person's basic four as register and card hold them."""
        return BasicFour(name=self.name, address=self.address, birth_date=self.birth_date, sex=self.sex)


_MIHON = "見本県架空市見本町一丁目"
_DOMICILE = "見本県架空市本籍町"


def wrong_my_number(eleven_digits: str) -> str:
    """Append a check digit that is wrong on purpose (番号利用法施行令の検査用数字 plus one)."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(int(digit) * weight for digit, weight in zip(eleven_digits, weights, strict=True)) % 11
    right = 0 if remainder <= 1 else 11 - remainder
    return eleven_digits + str((right + 1) % 10)


def _resident(
    key: str, name: str, number: int, birth: date, sex: Sex, household: str, relationship: str, block: str
) -> Resident:
    return Resident(
        key=key,
        name=name,
        address=f"{_MIHON}{block}",
        birth_date=birth,
        sex=sex,
        household=household,
        relationship=relationship,
        my_number=wrong_my_number(f"{99000000000 + number}"),
        registered_domicile=f"{_DOMICILE}{number}番地",
        head_of_register=name,
        seal_number=f"模擬第{number:05d}号",
        seal_text=name.split("\u3000")[0],
    )


def _family() -> list[Resident]:
    head = _resident("head", "見本\u3000太郎", 1, date(1980, 1, 1), Sex.MALE, "H-MIHON", "世帯主", "1番1号")
    wife = _resident("adult", "見本\u3000花子", 2, date(1982, 2, 3), Sex.FEMALE, "H-MIHON", "妻", "1番1号")
    child = _resident("child", "見本\u3000一郎", 3, date(2015, 5, 5), Sex.MALE, "H-MIHON", "子", "1番1号")
    return [
        head,
        replace(wife, former_name="架空\u3000花子", head_of_register=head.name),
        replace(child, seal_number=None, seal_text=None, head_of_register=head.name),
    ]


def _hard_names() -> list[Resident]:
    names = (
        ("yoshida", "𠮷田\u3000見本子", Sex.FEMALE),
        ("takahashi", "髙橋\u3000見本", Sex.MALE),
        ("yamazaki", "山﨑\u3000架空", Sex.MALE),
        ("watanabe-1", "渡邉\u3000見本", Sex.MALE),
        ("watanabe-2", "渡邊\u3000見本", Sex.MALE),
        ("katsuragi", "葛\U000e0102城\u3000見本子", Sex.FEMALE),
        ("tsuji", "辻\U000e0102\u3000架空", Sex.MALE),
    )
    people = [
        _resident(key, name, 20 + index, date(1975, 3, 1 + index), sex, f"H-{key}", "世帯主", f"2番{index + 1}号")
        for index, (key, name, sex) in enumerate(names)
    ]
    married = _resident(
        "former-name", "架空\u3000仮名子", 40, date(1990, 6, 7), Sex.FEMALE, "H-former", "世帯主", "3番1号"
    )
    long_block = "23番45号" + "見本架空模擬仮設住宅団地" * 8 + "第九十九号棟一〇〇一号室"
    long_address = _resident(
        "long-address", "長井\u3000住所", 41, date(1971, 7, 8), Sex.MALE, "H-long", "世帯主", "1番1号"
    )
    return [
        *people,
        replace(married, name="架空（旧姓見本）\u3000仮名子", former_name="見本\u3000仮名子"),
        replace(long_address, address=(_MIHON + long_block)[:120]),
    ]


def _foreign() -> Resident:
    latin = ("SPECIMEN IMAGINARY FICTITIOUS EXAMPLE MARIA ALEJANDRA DE LA INVENTADA Y SIMULADA MODELO ABC")[:90]
    base = _resident("foreign", latin, 50, date(1988, 8, 9), Sex.FEMALE, "H-foreign", "世帯主", "4番1号")
    return replace(
        base,
        registered_domicile=None,
        head_of_register=None,
        nationality="架空国",
        residence_status="永住者",
        residence_expiry=date(2031, 8, 9),
        seal_text="SPECIMEN",
    )


def _alike() -> list[Resident]:
    """Twins, two strangers of one name, father and son of one name: people who must be told apart."""
    return [
        _resident("twin-1", "双葉\u3000見本", 60, date(1995, 9, 9), Sex.FEMALE, "H-twin", "世帯主", "5番1号"),
        _resident("twin-2", "双葉\u3000見末", 61, date(1995, 9, 9), Sex.FEMALE, "H-twin", "妹", "5番1号"),
        _resident("same-name-1", "同名\u3000見本", 62, date(1970, 1, 2), Sex.MALE, "H-same-1", "世帯主", "6番1号"),
        _resident("same-name-2", "同名\u3000見本", 63, date(1985, 3, 4), Sex.MALE, "H-same-2", "世帯主", "6番2号"),
        _resident("father", "襲名\u3000見本", 64, date(1950, 5, 6), Sex.MALE, "H-shumei", "世帯主", "7番1号"),
        _resident("son", "襲名\u3000見本", 65, date(1978, 7, 8), Sex.MALE, "H-shumei", "子", "7番1号"),
    ]


def _large_household() -> list[Resident]:
    given = "一二三四五六七八九十百千万億"
    return [
        _resident(
            f"large-{index + 1}",
            f"大家\u3000見本{number}",
            70 + index,
            date(1950 + 4 * index, 1, 1 + index),
            Sex.MALE if index % 2 else Sex.FEMALE,
            "H-large",
            "世帯主" if index == 0 else ("夫" if index == 1 else "子"),
            "8番1号",
        )
        for index, number in enumerate(given)
    ]


def _refused() -> list[Resident]:
    names = (
        ("expired", "期限\u3000見本"),
        ("revoked", "失効\u3000見本"),
        ("suspended", "停止\u3000見本"),
        ("protected", "保護\u3000見本"),
        ("moving-out", "転出\u3000見本"),
        ("deceased", "故人\u3000見本"),
        ("no-seal", "無印\u3000見本"),
        ("cancelled-seal", "廃印\u3000見本"),
        ("new-card", "新規\u3000見本"),
        ("pending-glyph", "外字\u3000見本"),
    )
    return [
        _resident(
            key, name, 100 + index, date(1980, 10, 1 + index), Sex.MALE, f"H-{key}", "世帯主", f"9番{index + 1}号"
        )
        for index, (key, name) in enumerate(names)
    ]


def _elsewhere() -> list[Resident]:
    """Residents of the other invented municipalities: one sends documents, one takes no part in the service."""
    outsider = _resident("outsider", "他市\u3000見本", 110, date(1980, 10, 11), Sex.MALE, "H-outsider", "世帯主", "1番")
    partner = _resident("outsider-2", "他市\u3000見子", 111, date(1983, 4, 5), Sex.FEMALE, "H-outsider", "妻", "1番")
    absent = _resident("not-served", "未参加\u3000見本", 112, date(1979, 2, 3), Sex.MALE, "H-absent", "世帯主", "1番")
    return [
        replace(outsider, municipality_code="99102", address="見本県例示町字見本1番地"),
        replace(partner, municipality_code="99102", address="見本県例示町字見本1番地", head_of_register=outsider.name),
        replace(
            absent, municipality_code="99103", address="見本県未参加村字見本1番地", seal_number=None, seal_text=None
        ),
    ]


RESIDENTS: tuple[Resident, ...] = (
    *_family(),
    *_hard_names(),
    _foreign(),
    *_alike(),
    *_large_household(),
    *_refused(),
    *_elsewhere(),
)

BY_KEY: dict[str, Resident] = {resident.key: resident for resident in RESIDENTS}


def resident(key: str) -> Resident:
    """The resident named ``key``; raise ``KeyError`` that lists the known keys."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise KeyError(f"no resident {key!r}; known: {', '.join(sorted(BY_KEY))}") from None
