"""The numbers of IPP that Honnin uses: operations, status codes, states. Source: RFC 8011 sections 5.2-5.4 and Appendix B."""

from enum import IntEnum, unique


@unique
class Operation(IntEnum):
    """``operation-id`` values (RFC 8011 section 5.4.15; Cancel-My-Jobs and Close-Job: PWG 5100.11 / 5100.7)."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    HOLD_JOB = 0x000C
    RELEASE_JOB = 0x000D
    PAUSE_PRINTER = 0x0010
    RESUME_PRINTER = 0x0011
    PURGE_JOBS = 0x0012
    CANCEL_MY_JOBS = 0x0039
    CLOSE_JOB = 0x003B


@unique
class Status(IntEnum):
    """``status-code`` values (RFC 8011 Appendix B); below 0x0100 is success."""

    OK = 0x0000
    OK_IGNORED_ATTRIBUTES = 0x0001
    BAD_REQUEST = 0x0400
    FORBIDDEN = 0x0401
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    GONE = 0x0407
    REQUEST_ENTITY_TOO_LARGE = 0x0408
    DOCUMENT_FORMAT_NOT_SUPPORTED = 0x040A
    ATTRIBUTES_NOT_SUPPORTED = 0x040B
    CHARSET_NOT_SUPPORTED = 0x040D
    COMPRESSION_NOT_SUPPORTED = 0x040F
    DOCUMENT_FORMAT_ERROR = 0x0411
    INTERNAL_ERROR = 0x0500
    OPERATION_NOT_SUPPORTED = 0x0501
    SERVICE_UNAVAILABLE = 0x0502
    VERSION_NOT_SUPPORTED = 0x0503
    NOT_ACCEPTING_JOBS = 0x0506
    BUSY = 0x0507


@unique
class PrinterState(IntEnum):
    """``printer-state`` (RFC 8011 section 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@unique
class JobState(IntEnum):
    """``job-state`` (RFC 8011 section 5.3.7)."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def ended(self) -> bool:
        """True for the three states a job never leaves."""
        return self >= JobState.CANCELED


PDF = "application/pdf"
A4 = "iso_a4_210x297mm"
LONG_EDGE = "two-sided-long-edge"
USER = "honnin"
