"""The modelled printer's and its jobs' attributes as IPP values. Source: RFC 8011 sections 5.2-5.4, PWG 5100.12 section 6.2."""

from collections.abc import Iterable

from simulator.devices.printer.jobs import Job
from simulator.devices.printer.model import PrinterModel
from terminal.devices.printer.ipp import Attribute, IntegerRange, Resolution, Tag, attribute
from terminal.devices.printer.ipp_names import PDF, JobState

_TEMPLATE_BASES = (
    "copies",
    "finishings",
    "job-hold-until",
    "media",
    "orientation-requested",
    "output-bin",
    "print-quality",
    "printer-resolution",
    "sides",
)
_DPI = 3
_JOB_TEMPLATE = frozenset({"copies", "media", "sides"})


def printer_attributes(model: PrinterModel, uri: str) -> tuple[Attribute, ...]:
    """Return every printer attribute of ``model``, reached at ``uri``."""
    return (*_description(model, uri), *_state(model), *_template(model))


def _description(model: PrinterModel, uri: str) -> tuple[Attribute, ...]:
    traits = model.traits
    home = "http" + uri.removeprefix("ipp").removesuffix("/ipp/print") + "/"
    return (
        attribute("printer-uri-supported", Tag.URI, uri),
        attribute("uri-security-supported", Tag.KEYWORD, "none"),
        attribute("uri-authentication-supported", Tag.KEYWORD, "requesting-user-name"),
        attribute("printer-name", Tag.NAME, traits.name),
        attribute("printer-info", Tag.TEXT, traits.info),
        attribute("printer-location", Tag.TEXT, "SPECIMEN"),
        attribute("printer-make-and-model", Tag.TEXT, "Honnin SPECIMEN emulator"),
        attribute("printer-more-info", Tag.URI, home),
        attribute("ipp-versions-supported", Tag.KEYWORD, "1.1", "2.0"),
        attribute("operations-supported", Tag.ENUM, *traits.operations),
        attribute("multiple-document-jobs-supported", Tag.BOOLEAN, False),
        attribute("multiple-operation-time-out", Tag.INTEGER, 60),
        attribute("charset-configured", Tag.CHARSET, "utf-8"),
        attribute("charset-supported", Tag.CHARSET, "utf-8"),
        attribute("natural-language-configured", Tag.NATURAL_LANGUAGE, "en"),
        attribute("generated-natural-language-supported", Tag.NATURAL_LANGUAGE, "en"),
        attribute("document-format-default", Tag.MIME_MEDIA_TYPE, PDF),
        attribute("document-format-supported", Tag.MIME_MEDIA_TYPE, *traits.formats),
        attribute("compression-supported", Tag.KEYWORD, "none"),
        attribute("pdl-override-supported", Tag.KEYWORD, "attempted"),
        attribute("color-supported", Tag.BOOLEAN, False),
        attribute("pages-per-minute", Tag.INTEGER, max(1, round(60 / traits.side_s))),
        attribute("which-jobs-supported", Tag.KEYWORD, "completed", "not-completed"),
    )


def _state(model: PrinterModel) -> tuple[Attribute, ...]:
    return (
        attribute("printer-state", Tag.ENUM, model.state()),
        attribute("printer-state-reasons", Tag.KEYWORD, *(model.reasons() or ("none",))),
        attribute("printer-is-accepting-jobs", Tag.BOOLEAN, True),
        attribute("printer-input-tray", Tag.OCTET_STRING, _tray(model)),
        attribute("queued-job-count", Tag.INTEGER, len(model.jobs(ended=False))),
        attribute("printer-up-time", Tag.INTEGER, _up_time(model)),
    )


def _tray(model: PrinterModel) -> bytes:
    capacity, level = model.traits.paper_capacity_sheets, model.paper_sheets()
    return (
        "type=sheetFeedAutoRemovableTray;mediafeed=29700;mediaxfeed=21000;"
        f"maxcapacity={capacity};level={level};status=0;name=main;"
    ).encode()


def _template(model: PrinterModel) -> tuple[Attribute, ...]:
    traits = model.traits
    ready = (attribute("media-ready", Tag.KEYWORD, *traits.media),) if model.paper_sheets() > 0 else ()
    return (
        attribute("copies-default", Tag.INTEGER, 1),
        attribute("copies-supported", Tag.RANGE, IntegerRange(1, 99)),
        attribute("finishings-default", Tag.ENUM, 3),
        attribute("finishings-supported", Tag.ENUM, 3),
        attribute("job-hold-until-default", Tag.KEYWORD, "no-hold"),
        attribute("job-hold-until-supported", Tag.KEYWORD, "no-hold", "indefinite"),
        attribute("media-default", Tag.KEYWORD, traits.media[0]),
        attribute("media-supported", Tag.KEYWORD, *traits.media),
        *(ready or (attribute("media-ready", Tag.NO_VALUE, None),)),
        attribute("orientation-requested-default", Tag.ENUM, 3),
        attribute("orientation-requested-supported", Tag.ENUM, 3, 4),
        attribute("output-bin-default", Tag.KEYWORD, "face-down"),
        attribute("output-bin-supported", Tag.KEYWORD, "face-down"),
        attribute("print-quality-default", Tag.ENUM, 4),
        attribute("print-quality-supported", Tag.ENUM, 4),
        attribute("printer-resolution-default", Tag.RESOLUTION, Resolution(600, 600, _DPI)),
        attribute("printer-resolution-supported", Tag.RESOLUTION, Resolution(600, 600, _DPI)),
        attribute("sides-default", Tag.KEYWORD, traits.sides[0]),
        attribute("sides-supported", Tag.KEYWORD, *traits.sides),
    )


def job_attributes(model: PrinterModel, job: Job, uri: str) -> tuple[Attribute, ...]:
    """Return every attribute of ``job``."""
    traits = model.traits
    counts = (
        *((attribute("job-impressions-completed", Tag.INTEGER, job.sides_done),) if traits.counts_impressions else ()),
        *((attribute("job-media-sheets-completed", Tag.INTEGER, job.sheets_done),) if traits.counts_sheets else ()),
    )
    return (
        attribute("job-id", Tag.INTEGER, job.job_id),
        attribute("job-uri", Tag.URI, f"{uri}/{job.job_id}"),
        attribute("job-printer-uri", Tag.URI, uri),
        attribute("job-name", Tag.NAME, job.ticket.name),
        attribute("job-originating-user-name", Tag.NAME, job.ticket.user),
        attribute("job-state", Tag.ENUM, job.state),
        attribute("job-state-reasons", Tag.KEYWORD, *job.reasons),
        attribute("job-impressions", Tag.INTEGER, job.total_sides),
        *counts,
        attribute("copies", Tag.INTEGER, job.ticket.copies),
        attribute("media", Tag.KEYWORD, job.ticket.media),
        attribute("sides", Tag.KEYWORD, job.ticket.sides),
        _moment(model, "time-at-creation", job.created_s),
        _moment(model, "time-at-processing", job.started_s),
        _moment(model, "time-at-completed", job.ended_s),
        attribute("job-printer-up-time", Tag.INTEGER, _up_time(model)),
    )


def job_status(job: Job, uri: str) -> tuple[Attribute, ...]:
    """Return what an operation that made or fed ``job`` answers (RFC 8011 section 4.2.1.2)."""
    state = JobState.PENDING if job.open else job.state
    return (
        attribute("job-uri", Tag.URI, f"{uri}/{job.job_id}"),
        attribute("job-id", Tag.INTEGER, job.job_id),
        attribute("job-state", Tag.ENUM, state),
        attribute("job-state-reasons", Tag.KEYWORD, *job.reasons),
    )


def requested(attributes: Iterable[Attribute], names: tuple[str, ...]) -> tuple[Attribute, ...]:
    """Keep the attributes that ``requested-attributes`` asks for, group names included (RFC 8011 section 4.2.5.1)."""
    if not names or "all" in names:
        return tuple(attributes)
    return tuple(item for item in attributes if item.name in names or _group_of(item.name) in names)


def _group_of(name: str) -> str:
    if (
        name in _JOB_TEMPLATE
        or name.removesuffix("-default").removesuffix("-supported").removesuffix("-ready") in _TEMPLATE_BASES
    ):
        return "job-template"
    return "job-description" if name.startswith(("job-", "time-at-")) else "printer-description"


def _moment(model: PrinterModel, name: str, at_s: float | None) -> Attribute:
    if at_s is None:
        return attribute(name, Tag.NO_VALUE, None)
    return attribute(name, Tag.INTEGER, max(1, int(at_s - model.born_s) + 1))


def _up_time(model: PrinterModel) -> int:
    return int(model.up_time_s) + 1
