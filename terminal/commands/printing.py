"""What a customer's process asks of the printer: the very bytes that passed the gates, once."""

from collections.abc import Callable
from typing import TypeAlias, assert_never

from terminal.devices.printer.api import (
    PrintCanceled,
    PrintCompleted,
    PrintCompletion,
    PrintDocument,
    Printer,
    PrintFailed,
    PrintProgressed,
    PrintTimedOut,
)
from terminal.fsm import events

PrintEvent: TypeAlias = events.PrintCompleted | events.PrintFailed | events.PrintCanceled | events.PrintTimedOut


def print_document(
    printer: Printer,
    document: PrintDocument,
    generation: int,
    *,
    before_first_byte: Callable[[], None],
    judge: Callable[[PrintCompletion], None],
    post: Callable[[events.PrintStarted | events.PrintProgressed], None],
    cancelled: Callable[[], bool],
) -> PrintEvent:
    """Print; ``before_first_byte`` runs on the driver's thread and returns before the document leaves (journal first).

    ``judge`` hears the completion of a job that was begun (gate D) before the machine does.
    """
    started = False

    def on_progress(progress: PrintProgressed) -> None:
        nonlocal started
        if not started:
            started = True
            before_first_byte()
            post(events.PrintStarted(generation))
        waiting_for = "" if progress.waiting_for is None else progress.waiting_for.value
        post(events.PrintProgressed(generation, progress.impressions_completed, waiting_for))

    outcome = printer.print(document, on_progress, cancelled)
    if started:
        judge(outcome)
    match outcome:
        case PrintCompleted():
            return events.PrintCompleted(generation, outcome.impressions_completed)
        case PrintFailed():
            return events.PrintFailed(generation, outcome.code.value, outcome.impressions_completed)
        case PrintCanceled():
            return events.PrintCanceled(generation, outcome.impressions_completed)
        case PrintTimedOut():
            return events.PrintTimedOut(generation, outcome.code.value, outcome.impressions_completed)
        case _:
            assert_never(outcome)
