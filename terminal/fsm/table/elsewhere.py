"""The table, part 9: the written verdict on every event where no row takes it. Nothing is ignored unsaid."""

from terminal.fsm.events import (
    BackPressed,
    BootCompleted,
    BundleReceived,
    CancelPressed,
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    CardSwapped,
    ChangeFailed,
    ChangePaid,
    ChoiceConfirmed,
    ContinuePressed,
    CopiesChosen,
    CustomerProcessStarted,
    DeliveryReported,
    DeliveryReportFailed,
    FeeCollected,
    FindingReleased,
    FindingReopened,
    GatesDiffered,
    GatesPassed,
    GatesUndecided,
    IssuanceFailed,
    IssuanceRefused,
    IssuanceTimedOut,
    ItemsChosen,
    KindChosen,
    MembersChosen,
    MoneyInserted,
    PaymentCanceled,
    PaymentFailed,
    PinAccepted,
    PinBlocked,
    PinEntered,
    PinOutcomeUnknown,
    PinRefused,
    PrintCanceled,
    PrintCompleted,
    PrintFailed,
    PrintProgressed,
    PrintStarted,
    PrintTimedOut,
    RefundDone,
    RefundFailed,
    RequestCancelFailed,
    RequestCancelled,
    ResetNotProved,
    ResetProved,
    ScopeChosen,
    ServiceRestored,
    SessionFailed,
    SessionOpened,
    SessionRefused,
    SheetsTaken,
    SlipFailed,
    SlipPrinted,
    SubjectFailed,
    SubjectRead,
    TextPinBlocked,
    TextPinNeeded,
    TextPinRefused,
    TimedOut,
    TimeoutWarned,
)
from terminal.fsm.rows import Part, declined, fault
from terminal.fsm.states import (
    CANCELLING_STATES,
    CARD_REMOVAL_STATES,
    CARD_STATES,
    CHOOSING_STATES,
    COLLECTING_STATES,
    CUSTOMER_STATES,
    GATE_STATES,
    LEAVING_STATES,
    MONEY_STATES,
    PAPER_STATES,
    PAST_NO_RETURN_STATES,
    REQUEST_STATES,
    TERMINAL_STATES,
    UNTIMED_STATES,
    UNWARNED_STATES,
    State,
)

WITH_CARD = CARD_STATES | CARD_REMOVAL_STATES
AFTER_CARD = CHOOSING_STATES | MONEY_STATES | REQUEST_STATES | GATE_STATES | PAPER_STATES
AT_WORK = WITH_CARD | AFTER_CARD
"""A session that is not leaving yet."""

SETTLING = frozenset({State.REFUNDING, State.RETURNING_SHEETS, State.APOLOGISING, State.ENDING})
"""Leaving, after devices and centre were at work."""

GIVEN_UP = frozenset({State.APOLOGISING, State.ENDING})
"""A device that was given up on may still be at work."""

BEFORE_WORK = frozenset({State.PIN_LOCKED, State.RETURNING_CARD})
"""Leaving, before anything was asked of devices or centre."""

CARD_ANSWERS = (
    CardFailed,
    CardRead,
    PinAccepted,
    PinRefused,
    PinBlocked,
    PinOutcomeUnknown,
    SubjectRead,
    SubjectFailed,
    TextPinNeeded,
    TextPinRefused,
    TextPinBlocked,
    SessionOpened,
    SessionRefused,
    SessionFailed,
)
ISSUANCE_ANSWERS = (BundleReceived, IssuanceRefused, IssuanceFailed, IssuanceTimedOut)
CANCELLATION_ANSWERS = (RequestCancelled, RequestCancelFailed)
REPORT_ANSWERS = (DeliveryReported, DeliveryReportFailed)
PAYMENT_ANSWERS = (FeeCollected, PaymentFailed, PaymentCanceled)
CHANGE_ANSWERS = (ChangePaid, ChangeFailed)
REFUND_ANSWERS = (RefundDone, RefundFailed)
SLIP_ANSWERS = (SlipPrinted, SlipFailed)
GATE_ANSWERS = (GatesPassed, GatesUndecided)
PRINT_ANSWERS = (PrintStarted, PrintProgressed, PrintCompleted, PrintFailed, PrintCanceled, PrintTimedOut)
CUSTOMERS_ANSWERS = (
    *CARD_ANSWERS,
    *ISSUANCE_ANSWERS,
    *CANCELLATION_ANSWERS,
    *REPORT_ANSWERS,
    MoneyInserted,
    *PAYMENT_ANSWERS,
    *CHANGE_ANSWERS,
    *REFUND_ANSWERS,
    *SLIP_ANSWERS,
    *GATE_ANSWERS,
    GatesDiffered,
    *PRINT_ANSWERS,
)
STEP_KEYS = (PinEntered, KindChosen, ScopeChosen, MembersChosen, ItemsChosen, CopiesChosen, ChoiceConfirmed)
KEYS = (*STEP_KEYS, ContinuePressed, BackPressed, CancelPressed)

SERVICE: tuple[Part, ...] = (
    *declined(frozenset(State), BootCompleted, "the self-test has passed already"),
    *declined(State.IDLE, ServiceRestored, "the terminal is in service"),
    *declined(frozenset(State) - {State.IDLE}, FindingReopened, "a finding is open already"),
    *declined(State.OUT_OF_SERVICE, FindingReleased, "no finding is open"),
    *declined(State.IDLE, FindingReleased, "no finding is open"),
    *declined(
        CUSTOMER_STATES | {State.SERVING, State.RESETTING},
        FindingReleased,
        "a finding is released only when the terminal stands stopped",
    ),
    *fault(State.SERVING, CustomerProcessStarted, "one customer is served at a time"),
    *declined(State.RESETTING, CustomerProcessStarted, "the reset under way ends that process"),
    *fault(CUSTOMER_STATES, CustomerProcessStarted, "this machine serves its customer itself"),
    *fault(
        CUSTOMER_STATES | {State.IDLE, State.SERVING, State.STOPPED_FOR_FINDING},
        (ResetProved, ResetNotProved),
        "no reset is under way",
    ),
)

TIME: tuple[Part, ...] = (
    *fault(UNTIMED_STATES, TimedOut, "no timer runs here"),
    *fault(UNTIMED_STATES | UNWARNED_STATES, TimeoutWarned, "no timer with a warning runs here"),
)

CARD: tuple[Part, ...] = (
    *declined(TERMINAL_STATES, CardInserted, "a card is accepted only when idle, after a proved reset"),
    *declined(WITH_CARD, CardInserted, "a card was accepted already"),
    *declined(CANCELLING_STATES, CardInserted, "another card ends the session, which is being ended already"),
    *declined(
        PAST_NO_RETURN_STATES, CardInserted, "another card: the sheets are on their way out, and then comes the reset"
    ),
    *declined(LEAVING_STATES, CardInserted, "the session is over; the next one starts after the reset"),
    *declined(TERMINAL_STATES, (CardRemoved, CardSwapped), "no card was accepted"),
    *declined(AFTER_CARD, (CardRemoved, CardSwapped), "the session's own card was taken before"),
    *declined(LEAVING_STATES, (CardRemoved, CardSwapped), "the session is over"),
)

FINGERS: tuple[Part, ...] = (
    *declined(TERMINAL_STATES, KEYS, "nobody is being served"),
    *declined(LEAVING_STATES, KEYS, "the session is over"),
    *declined(AT_WORK, PinEntered, "no PIN is being asked for"),
    *declined(State.CHOOSING_KIND, KindChosen, "no such kind is offered"),
    *declined(AT_WORK - {State.CHOOSING_KIND}, KindChosen, "no kind is being chosen"),
    *declined(State.CHOOSING_SCOPE, ScopeChosen, "no such scope is offered"),
    *declined(AT_WORK - {State.CHOOSING_SCOPE}, ScopeChosen, "no scope is being chosen"),
    *declined(State.CHOOSING_MEMBERS, MembersChosen, "expected one or more of the household, each once"),
    *declined(AT_WORK - {State.CHOOSING_MEMBERS}, MembersChosen, "no members are being chosen"),
    *declined(State.CHOOSING_ITEMS, ItemsChosen, "expected items of the offer, each once"),
    *declined(AT_WORK - {State.CHOOSING_ITEMS}, ItemsChosen, "no items are being chosen"),
    *declined(State.CHOOSING_COPIES, CopiesChosen, "expected one copy or more, up to the offer's limit"),
    *declined(AT_WORK - {State.CHOOSING_COPIES}, CopiesChosen, "no number of copies is being chosen"),
    *declined(AT_WORK, ChoiceConfirmed, "no choice is being confirmed"),
    *declined(AT_WORK, ContinuePressed, "there is nothing to go on with"),
    *declined(WITH_CARD | CHOOSING_STATES, BackPressed, "this is the first step; cancel ends the session"),
    *declined(State.PAYING, BackPressed, "money is inside; cancel gives it back"),
    *declined(
        AFTER_CARD - CHOOSING_STATES - {State.PAYING}, BackPressed, "what is under way cannot be stepped back from"
    ),
    *declined(CANCELLING_STATES, CancelPressed, "it is being ended already"),
    *declined(PAST_NO_RETURN_STATES, CancelPressed, "the point of no return has passed"),
    *declined(TERMINAL_STATES, SheetsTaken, "no sheets were left in the tray"),
    *declined(WITH_CARD | AFTER_CARD - PAPER_STATES, SheetsTaken, "nothing was printed"),
    *declined(PAPER_STATES, SheetsTaken, "the job has not ended"),
    *declined(LEAVING_STATES, SheetsTaken, "no sheets are waited for"),
)

ANSWERS: tuple[Part, ...] = (
    *fault(TERMINAL_STATES, CUSTOMERS_ANSWERS, "nothing was commanded under this generation"),
    *fault(AT_WORK, CARD_ANSWERS, "the card was not asked for this"),
    *declined(LEAVING_STATES, CARD_ANSWERS, "the session is over; the answer is dropped"),
    *declined(State.CANCELLING_REQUEST, ISSUANCE_ANSWERS, "the request is cancelled; its answer is dropped"),
    *fault(AT_WORK - {State.CANCELLING_REQUEST}, ISSUANCE_ANSWERS, "nothing was requested"),
    *declined(LEAVING_STATES, ISSUANCE_ANSWERS, "the request is cancelled; its answer is dropped"),
    *fault(AT_WORK, CANCELLATION_ANSWERS, "no request was being cancelled"),
    *declined(LEAVING_STATES, CANCELLATION_ANSWERS, "the cancellation is waited for no longer"),
    *fault(WITH_CARD | BEFORE_WORK, REPORT_ANSWERS, "no delivery was reported"),
    *declined(COLLECTING_STATES, MoneyInserted, "no more than was told before, or more than is believable"),
    *fault(AT_WORK - COLLECTING_STATES, MoneyInserted, "no fee was being collected"),
    *declined(GIVEN_UP, MoneyInserted, "given up as unknown; the completion will tell"),
    *fault(LEAVING_STATES - GIVEN_UP, MoneyInserted, "no fee was being collected"),
    *fault(AT_WORK, PAYMENT_ANSWERS, "no fee was being collected"),
    *declined(State.ENDING, PAYMENT_ANSWERS, "given up as unknown; the claim stands in the journal"),
    *fault(LEAVING_STATES - {State.ENDING}, PAYMENT_ANSWERS, "no fee was being collected"),
    *fault(AT_WORK, CHANGE_ANSWERS, "no change was being given"),
    *declined(State.ENDING, CHANGE_ANSWERS, "given up as unknown; the claim stands in the journal"),
    *fault(LEAVING_STATES - {State.ENDING}, CHANGE_ANSWERS, "no change was being given"),
    *fault(CUSTOMER_STATES, SLIP_ANSWERS, "no slip was to be printed"),
    *fault(AT_WORK, REFUND_ANSWERS, "no refund was under way"),
    *declined(State.ENDING, REFUND_ANSWERS, "given up as unknown; the claim stands in the journal"),
    *declined(
        {State.RETURNING_SHEETS, State.APOLOGISING}, RefundFailed, "given up as unknown; the claim stands already"
    ),
    *fault(LEAVING_STATES - {State.ENDING}, RefundDone, "no refund was under way"),
    *fault({State.PIN_LOCKED, State.RETURNING_CARD}, RefundFailed, "no refund was under way"),
    *fault(AT_WORK, (*GATE_ANSWERS, GatesDiffered), "no bundle was being verified"),
    *declined(GIVEN_UP, GATE_ANSWERS, "given up; nothing will be printed"),
    *fault(LEAVING_STATES - GIVEN_UP, GATE_ANSWERS, "no bundle was being verified"),
    *fault(LEAVING_STATES, GatesDiffered, "no bundle was being verified"),
    *declined(State.PRINTING, PrintStarted, "the job has started already"),
    *fault(AT_WORK - {State.PRINTING}, PrintStarted, "no job was given to the printer"),
    *fault(AT_WORK, PRINT_ANSWERS[1:], "no job was given to the printer"),
    *declined(SETTLING, PRINT_ANSWERS, "the job was given up; its sheets are treated as lying in the tray"),
    *fault(LEAVING_STATES - SETTLING, PRINT_ANSWERS, "no job was given to the printer"),
)

ELSEWHERE: tuple[Part, ...] = (*SERVICE, *TIME, *CARD, *FINGERS, *ANSWERS)
