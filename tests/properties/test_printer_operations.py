"""The emulator's side of IPP: whatever bytes come, the answer is an IPP message and the printer stays a printer."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.operations import answer
from simulator.devices.printer.tray import MemoryTray
from terminal.devices.printer.ipp import Attribute, Group, GroupTag, Message, Tag, attribute
from terminal.devices.printer.ipp_codec import decode, encode
from terminal.devices.printer.ipp_names import Operation, Status
from tests.printer_kit import new_clock
from tests.properties.test_ipp_codec import attributes_of, values

URI = "ipp://127.0.0.1:1/ipp/print"
HEAD = (
    attribute("attributes-charset", Tag.CHARSET, "utf-8"),
    attribute("attributes-natural-language", Tag.NATURAL_LANGUAGE, "en"),
    attribute("printer-uri", Tag.URI, URI),
)
KNOWN = (
    "job-id",
    "job-uri",
    "which-jobs",
    "limit",
    "my-jobs",
    "requested-attributes",
    "last-document",
    "copies",
    "sides",
    "media",
)


def new_model() -> PrinterModel:
    return PrinterModel(new_clock(), MemoryTray())


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_get_an_ipp_answer(body: bytes) -> None:
    assert decode(answer(new_model(), URI, body)).code >= 0x0400


@settings(max_examples=300)
@given(st.sampled_from(Operation), st.data())
def test_any_well_formed_request_gets_an_ipp_answer_and_does_no_harm(operation: Operation, data: st.DataObject) -> None:
    extra = data.draw(attributes_of(values, 3))
    names = data.draw(st.lists(st.sampled_from(KNOWN), max_size=3, unique=True))
    named = tuple(Attribute(name, (data.draw(values),)) for name in names)
    operation_group = Group(GroupTag.OPERATION, (*HEAD, *named, *(item for item in extra if item.name not in KNOWN)))
    groups = (operation_group, Group(GroupTag.JOB, named))
    document = data.draw(st.sampled_from([b"", b"%PDF-1.4 not really", b"\x00"]))
    model = new_model()
    told = decode(answer(model, URI, encode(Message(operation, 7, groups, document=document))))
    assert told.request_id == 7
    after = Message(Operation.GET_PRINTER_ATTRIBUTES, 8, (Group(GroupTag.OPERATION, HEAD),))
    assert decode(answer(model, URI, encode(after))).code == Status.OK
