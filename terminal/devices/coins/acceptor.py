"""The ccTalk coin acceptor: coins by their numbered events (header 229), taken only as the inhibit masks say."""

from typing import Final

from terminal.devices.coins.api import CoinPoll, CoinsCode, CoinsFailed, Credit
from terminal.devices.coins.bus import Bus
from terminal.devices.coins.headers import EVENT_ERRORS, FAULTS, Header

_POSITIONS: Final = 16
_EVENTS_KEPT: Final = 5
_LOOKS: Final = 3
"""Lost events, a restart, a coin nobody knows: each may be an old answer, and is believed when it is told twice alike."""
CATEGORY: Final = b"Coin Acceptor"


class CcTalkAcceptor:
    """Implements ``CoinAcceptor`` at ``address``; ``coin_first`` is the maker's order of the two bytes of an event."""

    def __init__(self, bus: Bus, address: int, *, coin_first: bool = True) -> None:
        self._bus = bus
        self._address = address
        self._coin_first = coin_first
        self._values_yen: dict[int, int] = {}

    @property
    def denominations_yen(self) -> tuple[int, ...]:
        """See ``CoinAcceptor.denominations_yen``; empty until the device has told its coins."""
        self.identify()
        return tuple(sorted(set(self._values_yen.values())))

    def identify(self) -> CoinsFailed | None:
        """Make sure that an acceptor answers, and learn its coins (headers 245 and 184); once is enough."""
        if self._values_yen:
            return None
        category = self._bus.ask(self._address, Header.REQUEST_CATEGORY)
        if isinstance(category, CoinsFailed):
            return category
        if category != CATEGORY:
            return CoinsFailed(CoinsCode.WRONG_DEVICE, f"expected a coin acceptor at address {self._address}")
        values: dict[int, int] = {}
        for position in range(1, _POSITIONS + 1):
            coin_id = self._bus.ask(self._address, Header.REQUEST_COIN_ID, bytes([position]))
            if isinstance(coin_id, CoinsFailed):
                return coin_id
            value_yen = value_of(coin_id)
            if value_yen:
                values[position] = value_yen
        if not values:
            return CoinsFailed(
                CoinsCode.WRONG_DEVICE, "the coin acceptor knows no yen coin; have it programmed for yen"
            )
        self._values_yen = values
        return None

    def poll(self, after: int | None) -> CoinPoll | CoinsFailed:
        """See ``CoinAcceptor.poll``."""
        failed = self.identify()
        if failed is not None:
            return failed
        found = self._poll_once(after)
        for _ in range(_LOOKS - 1):
            if isinstance(found, CoinsFailed) or not _surprising(found, after):
                break
            before, found = found, self._poll_once(after)
            if found == before:
                break
        if isinstance(found, CoinPoll) and found.restarted:
            # Only without power is it changed for another one, whose coins may be other coins.
            self._values_yen = {}
        return found

    def _poll_once(self, after: int | None) -> CoinPoll | CoinsFailed:
        answer = self._bus.ask(self._address, Header.READ_BUFFERED_CREDIT)
        if isinstance(answer, CoinsFailed):
            return answer
        if len(answer) != 1 + 2 * _EVENTS_KEPT:
            return CoinsFailed(CoinsCode.BAD_ANSWER, f"expected 11 bytes of events, came {len(answer)}")
        counter = answer[0]
        if after is None or counter == 0:
            return CoinPoll(counter, restarted=counter == 0 and after != 0)
        ahead = counter if after == 0 else (counter - after) % 255
        shown = min(ahead, _EVENTS_KEPT)
        coins: list[Credit] = []
        errors: list[CoinsCode] = []
        for place in range(shown - 1, -1, -1):
            pair = answer[1 + 2 * place], answer[2 + 2 * place]
            coin, other = pair if self._coin_first else pair[::-1]
            number = (counter - place - 1) % 255 + 1
            if coin in self._values_yen:
                coins.append(Credit(self._values_yen[coin], number))
            elif coin == 0 and other in EVENT_ERRORS:
                errors.append(EVENT_ERRORS[other])
            elif coin != 0:
                errors.append(CoinsCode.MONEY_UNKNOWN)
        return CoinPoll(counter, tuple(coins), tuple(errors), ahead - shown)

    def accept(self, coins_yen: frozenset[int]) -> CoinsFailed | None:
        """See ``CoinAcceptor.accept``: headers 231 and 228, read back by 230 and 227."""
        failed = self.identify() if coins_yen else None
        if failed is not None:
            return failed
        if not coins_yen <= set(self._values_yen.values()):
            text = f"expected some of the coins {self.denominations_yen} yen, came {sorted(coins_yen)}"
            return CoinsFailed(CoinsCode.NOT_INHIBITED, f"{text}; have the acceptor programmed for them")
        mask = sum(1 << (place - 1) for place, value_yen in self._values_yen.items() if value_yen in coins_yen)
        wanted = mask.to_bytes(2, "little"), bytes([1 if mask else 0])
        for header, data in zip((Header.MODIFY_INHIBITS, Header.MODIFY_MASTER_INHIBIT), wanted, strict=True):
            answer = self._bus.ask(self._address, header, data)
            if isinstance(answer, CoinsFailed):
                return answer
        return self.check_inhibits(wanted)

    def check_inhibits(self, wanted: tuple[bytes, bytes] = (b"\0\0", b"\0")) -> CoinsFailed | None:
        """Whether the acceptor says of itself that it takes what it should; by default nothing."""
        for header, data in zip((Header.REQUEST_INHIBITS, Header.REQUEST_MASTER_INHIBIT), wanted, strict=True):
            answer = self._bus.ask(self._address, header)
            if isinstance(answer, CoinsFailed):
                return answer
            if answer != data:
                text = f"expected inhibits {data.hex()}, the acceptor says {answer.hex()}; switch it off and on"
                return CoinsFailed(CoinsCode.NOT_INHIBITED, text)
        return None

    def accepted_total(self) -> int | CoinsFailed:
        """See ``CoinAcceptor.accepted_total``: header 225, three bytes, low byte first."""
        return counter_of(self._bus, self._address, Header.REQUEST_ACCEPT_COUNTER)

    def inserted_total(self) -> int | CoinsFailed:
        """Header 226: coins offered in its life, those that were given back or never validated, too. Not part of the port."""
        return counter_of(self._bus, self._address, Header.REQUEST_INSERTION_COUNTER)

    def self_check(self) -> CoinsFailed | None:
        """Header 232: the device's own fault code."""
        answer = self._bus.ask(self._address, Header.SELF_CHECK)
        if isinstance(answer, CoinsFailed):
            return answer
        if not answer:
            return CoinsFailed(CoinsCode.BAD_ANSWER, "expected a fault code, came none")
        if answer[0] == 0:
            return None
        code = FAULTS.get(answer[0], CoinsCode.SELF_CHECK_FAILED)
        return CoinsFailed(
            code, f"the coin acceptor reports fault {answer[0]}; free its path, then switch it off and on"
        )


def _surprising(poll: CoinPoll, after: int | None) -> bool:
    restarted = poll.restarted and after is not None
    return poll.lost_events > 0 or restarted or CoinsCode.MONEY_UNKNOWN in poll.errors


def counter_of(bus: Bus, address: int, header: Header) -> int | CoinsFailed:
    """A life counter of three bytes, low byte first."""
    answer = bus.ask(address, header)
    if isinstance(answer, CoinsFailed):
        return answer
    if len(answer) != 3:
        return CoinsFailed(CoinsCode.BAD_ANSWER, f"expected a counter of 3 bytes, came {len(answer)}")
    return int.from_bytes(answer, "little")


def value_of(coin_id: bytes) -> int:
    """The yen of a coin id such as ``JP500A`` (country, value, issue); 0 for another coin or an empty place."""
    digits = coin_id[2:5]
    return int(digits) if len(coin_id) == 6 and coin_id[:2] == b"JP" and digits.isdigit() else 0
