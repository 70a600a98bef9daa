"""A person finds what they mean among what a screen offers."""

import pytest

from simulator.people.script import Choose, ScriptedScreen, UnexpectedScreenError
from terminal.devices.screen.api import ChoicePressed, PersonInput, View, ViewChoice


def pressed(words: str, *labels: str) -> PersonInput:
    """What is pressed by somebody who looks for ``words``."""
    heard: list[PersonInput] = []
    screen = ScriptedScreen({"members": ((Choose(words),),)}, spawn=lambda task: None, wait=lambda for_s: None)
    screen.listen(heard.append)
    choices = tuple(ViewChoice(str(number), label) for number, label in enumerate(labels))
    screen.show(View("members", "who", choices=choices))
    [only] = heard
    return only


def test_a_name_that_begins_another_name_is_found() -> None:
    family = ("架空　見本 （ご本人） / (you)", "架空　見本子", "架空　一郎")
    assert pressed("架空　見本", *family) == ChoicePressed("0")
    assert pressed("架空　見本子", *family) == ChoicePressed("1")


def test_a_part_will_do_if_it_is_in_one_choice_alone() -> None:
    assert pressed("印鑑", "住民票", "印鑑登録証明書 / Seal") == ChoicePressed("1")
    with pytest.raises(UnexpectedScreenError, match="expected one choice with 架空"):
        pressed("架空", "架空　見本", "架空　一郎")
