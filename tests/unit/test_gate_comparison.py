"""The rules of gate B as tables: which difference is form, which needs an eye, which is another person."""

import pytest

from terminal.verification.addresses import compare_addresses
from terminal.verification.names import compare_names
from terminal.verification.reasons import Reason

_NAMES = [
    ("見本\u3000太郎", "見本\u3000太郎", Reason.SAME),
    ("見本\u3000太郎", "見本 太郎", Reason.SAME),
    ("見本\u3000太郎", "見本太郎", Reason.SAME),
    ("カ\u3099ラス\u3000見本", "ガラス\u3000見本", Reason.SAME),
    ("ｶﾞﾗｽ\u3000見本", "ガラス\u3000見本", Reason.SAME),
    ("ＡＮＮＡ\u3000ＬＥＥ", "Anna Lee", Reason.SAME),
    ("SPECIMEN  MARIA", "Specimen Maria", Reason.SAME),
    ("架空（旧姓見本）\u3000仮名子", "架空[見本]\u3000仮名子", Reason.SAME),
    ("小林\u3000太", "小\u3000林太", Reason.NAME_DIVIDED_OTHERWISE),
    ("ANNALEE", "ANNA LEE", Reason.NAME_DIVIDED_OTHERWISE),
    ("JOSE SPECIMEN", "JOSÉ SPECIMEN", Reason.LETTER_MARKS),
    ("髙橋\u3000見本", "高橋\u3000見本", Reason.CHARACTER_VARIANT),
    ("山﨑\u3000架空", "山崎\u3000架空", Reason.CHARACTER_VARIANT),
    ("渡邉\u3000見本", "渡邊\u3000見本", Reason.CHARACTER_VARIANT),
    ("渡邉\u3000見本", "渡辺\u3000見本", Reason.CHARACTER_VARIANT),
    ("𠮷田\u3000見本子", "吉田\u3000見本子", Reason.CHARACTER_VARIANT),
    ("斎藤\u3000見本", "齊藤\u3000見本", Reason.CHARACTER_VARIANT),
    ("\ufa19田\u3000見本", "\u795e田\u3000見本", Reason.CHARACTER_VARIANT),
    ("葛\U000e0100城\u3000見本", "葛城\u3000見本", Reason.CHARACTER_VARIANT),
    ("葛\U000e0100城\u3000見本", "葛\U000e0101城\u3000見本", Reason.CHARACTER_VARIANT),
    ("陈\u3000見本", "陳\u3000見本", Reason.CHARACTER_VARIANT),
    ("〓橋\u3000見本", "髙橋\u3000見本", Reason.CHARACTER_REPLACED),
    ("●橋\u3000見本", "●橋\u3000見本", Reason.CHARACTER_REPLACED),
    ("＊\u3000＊", "見\u3000本", Reason.CHARACTER_REPLACED),
    ("キャノン\u3000見本", "キヤノン\u3000見本", Reason.SMALL_KANA),
    ("架空（旧姓見本）\u3000仮名子", "架空\u3000仮名子", Reason.FORMER_NAME_ON_ONE_SIDE),
    ("架空（旧姓見本）\u3000仮名子", "架空（旧姓仮設）\u3000仮名子", Reason.OTHER_NAME),
    ("双葉\u3000見本", "双葉\u3000見末", Reason.OTHER_NAME),
    ("見本\u3000太郎", "見本\u3000次郎", Reason.OTHER_NAME),
    ("見本\u3000太", "見本\u3000太郎", Reason.OTHER_NAME),
    ("〓〓橋\u3000見本", "髙橋\u3000見本", Reason.OTHER_NAME),
    ("〓橋\u3000見末", "髙橋\u3000見本", Reason.OTHER_NAME),
    ("髙橋\u3000見末", "高橋\u3000見本", Reason.OTHER_NAME),
    ("安藤\u3000見本", "安東\u3000見本", Reason.OTHER_NAME),
    ("見本ー", "見本一", Reason.OTHER_NAME),
    ("\u3000", "\u3000", Reason.ABSENT),
    ("\u3000", "見本\u3000太郎", Reason.ABSENT),
    ("（旧姓見本）", "（旧姓見本）", Reason.ABSENT),
]


@pytest.mark.parametrize(("left", "right", "expected"), _NAMES)
def test_two_names_compare_as_the_rules_say(left: str, right: str, expected: Reason) -> None:
    assert compare_names(left, right) is expected
    assert compare_names(right, left) is expected


_TOWN = "見本県架空市見本町"
_ADDRESSES = [
    ("一丁目1番1号", "一丁目1番1号", Reason.SAME),
    ("一丁目1番1号", "１丁目１番１号", Reason.SAME),
    ("二十三番地", "23番地", Reason.SAME),
    ("二三番地", "二十三番地", Reason.SAME),
    ("千二百三番地", "1203番地", Reason.SAME),
    ("1番1号 見本荘101", "1番1号\u3000見本荘１０１", Reason.SAME),
    ("一〇〇一号室", "1001号室", Reason.SAME),
    ("1－1", "1-1", Reason.SAME),
    ("1ー1", "1‐1", Reason.SAME),
    ("1丁目2番3号", "1-2-3", Reason.BLOCK_NOTATION),
    ("2番地11", "2番11号", Reason.BLOCK_NOTATION),
    ("2番地の11", "2-11", Reason.BLOCK_NOTATION),
    ("5番地", "5番", Reason.BLOCK_NOTATION),
    ("1番1号", "1番1号 見本荘101号室", Reason.BUILDING_ON_ONE_SIDE),
    ("1番1号", "1番1号見本荘101号室", Reason.BUILDING_ON_ONE_SIDE),
    ("1番1号", "1番1号 101", Reason.BUILDING_ON_ONE_SIDE),
    ("字見本5番地", "大字見本5番地", Reason.SECTION_WORD),
    ("霞ヶ丘1番", "霞が丘1番", Reason.CHARACTER_VARIANT),
    ("〓台1番", "髙台1番", Reason.CHARACTER_REPLACED),
    ("1番1号", "1番11号", Reason.OTHER_ADDRESS),
    ("1番11号", "11番1号", Reason.OTHER_ADDRESS),
    ("1番", "1番2号", Reason.OTHER_ADDRESS),
    ("1丁目", "1丁目2番", Reason.OTHER_ADDRESS),
    ("1-1", "1-1-101", Reason.OTHER_ADDRESS),
    ("1-1 101", "1-1101", Reason.OTHER_ADDRESS),
    ("1番1号 101", "1番1号 102", Reason.OTHER_ADDRESS),
    ("〓番地", "1番地", Reason.OTHER_ADDRESS),
    ("十十番地", "二十番地", Reason.OTHER_ADDRESS),
]


@pytest.mark.parametrize(("left", "right", "expected"), _ADDRESSES)
def test_two_addresses_compare_as_the_rules_say(left: str, right: str, expected: Reason) -> None:
    assert compare_addresses(_TOWN + left, _TOWN + right) is expected
    assert compare_addresses(_TOWN + right, _TOWN + left) is expected


def test_a_prefecture_on_one_side_needs_an_eye_and_another_prefecture_is_another_place() -> None:
    assert compare_addresses("架空市見本町1番", "見本県架空市見本町1番") is Reason.PREFECTURE_ON_ONE_SIDE
    assert compare_addresses("架空市見本町2番", "見本県架空市見本町1番") is Reason.OTHER_ADDRESS
    assert compare_addresses("仮設県架空市見本町1番", "見本県架空市見本町1番") is Reason.OTHER_ADDRESS


def test_no_address_is_no_match() -> None:
    assert compare_addresses("\u3000", "\u3000") is Reason.ABSENT
