"""A history as a story, a line each: what people did, what the terminal showed, what came out."""

from collections.abc import Iterable, Iterator

from simulator import seen as s
from simulator.history import At


def told(history: Iterable[At]) -> Iterator[str]:
    """The lines of a history that are worth telling."""
    for line in history:
        words = _words(line.seen)
        if words:
            yield f"{line.at_s:9.2f} s  {words}"


def _words(seen: s.Seen) -> str:
    who = _who(seen)
    match seen:
        case s.PersonCame():
            return f"{who} ({seen.resident}) steps up"
        case s.PersonLeft():
            return f"{who} goes: {seen.why}"
        case s.CardLaid():
            return f"{who} lays the card of {seen.resident} on the reader"
        case s.CardLifted():
            return f"{who} takes the card"
        case s.PinTried():
            return f"the card is given the {seen.application} PIN: tries left {seen.tries_before} -> {seen.tries_after}"
        case s.ScreenShown():
            return f"{_at(seen)}screen {seen.screen}" + (f" [{seen.reason}]" if seen.reason else "")
        case _:
            return _of_things(seen, who) or _of_the_world(seen)


def _of_things(seen: s.Seen, who: str) -> str:
    match seen:
        case s.MoneyInserted():
            return f"{who} puts in {seen.amount_yen} yen"
        case s.MoneyCameOut():
            return f"{_at(seen)}{seen.amount_yen} yen come out"
        case s.SlipCame():
            return f"{_at(seen)}a slip comes out: {seen.slip} over {seen.amount_yen} yen"
        case s.SheetsCame():
            names = dict.fromkeys(name for page in seen.pages for name in page.residents)
            return (
                f"{_at(seen)}{seen.sides} of {seen.sides_asked} sides come out, of {', '.join(names) or 'nobody known'}"
            )
        case s.SheetsTaken():
            return f"{who} takes delivery {seen.delivery}"
        case s.StaffDid():
            return f"{_at(seen)}staff {seen.what}" + (f" ({seen.amount_yen} yen)" if seen.amount_yen else "")
        case _:
            return ""


def _of_the_world(seen: s.Seen) -> str:
    match seen:
        case s.FaultArmed():
            return f"{_at(seen)}! {seen.target}: {seen.fault} {seen.when}".rstrip()
        case s.FaultHealed():
            return f"{_at(seen)}everything is healed"
        case s.PhaseBegan():
            return f"the {seen.phase} phase begins" + (f", {seen.within_s:g} s" if seen.within_s else "")
        case s.ServiceSeen():
            return f"{_at(seen)}the terminal is {seen.situation}" + (f" [{seen.code}]" if seen.code else "")
        case s.ServerDid() if seen.due and seen.due != seen.resident:
            return f"server {seen.server}: hands the paper of {seen.resident} to {seen.due}"
        case s.RunEnded():
            return "the end" if seen.complete else f"the run broke off: {seen.why}"
        case _:
            return ""


def _at(seen: s.Seen) -> str:
    terminal = getattr(seen, "terminal", "")
    return f"{terminal}: " if terminal else ""


def _who(seen: s.Seen) -> str:
    person = getattr(seen, "person", None)
    if person is None:
        return ""
    return f"{_at(seen)}{'nobody there, or staff' if person == 0 else f'person {person}'}"
