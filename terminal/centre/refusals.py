"""What a customer is told when something may not be had: the reason and what to do, in Japanese and in English.

Written like the notices that municipalities publish (reference service-and-incidents.md section 1.1). Nobody learns from a text
that protective measures are in force or that a holder has died.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from terminal.centre.messages import RefusalCode


@dataclass(frozen=True, slots=True)
class CustomerText:
    """The words for one refusal; both languages say the reason first and then what to do."""

    ja: str
    en: str


_COUNTER: Final = CustomerText(
    "お住まいの市区町村の窓口でお手続きください。", "Please go to the office of your municipality."
)
_TOMORROW: Final = CustomerText("明日以降にもう一度お試しください。", "Please come again from tomorrow on.")
_NEW_CERTIFICATE: Final = CustomerText(
    "更新・再発行はお住まいの市区町村の窓口で受け付けています。",
    "The office of your municipality renews or reissues it.",
)


def _text(ja: str, en: str, action: CustomerText = _COUNTER) -> CustomerText:
    return CustomerText(ja + action.ja, f"{en} {action.en}")


REFUSAL_TEXTS: Final[Mapping[RefusalCode, CustomerText]] = MappingProxyType(
    {
        RefusalCode.OUTSIDE_HOURS: _text(
            "ただいまの時間はご利用いただけません。",
            "The service is closed at this hour.",
            CustomerText(
                "お住まいの市区町村がお知らせしている利用時間にお越しください。",
                "Please come during the hours that your municipality announces.",
            ),
        ),
        RefusalCode.MAINTENANCE: _text(
            "お住まいの市区町村のシステムは保守作業中です。",
            "Your municipality's system is under maintenance.",
            CustomerText("時間をおいてもう一度お試しください。", "Please try again later."),
        ),
        RefusalCode.UNDER_15: _text(
            "15歳未満の方はこのサービスをご利用いただけません。", "This service is for people of 15 years and over."
        ),
        RefusalCode.PROTECTIVE_MEASURES: _text(
            "この端末では証明書を交付できません。", "This terminal cannot issue the certificate."
        ),
        RefusalCode.MOVING_OUT: _text(
            "転出の届出をされた方には交付できません。",
            "No certificate can be issued after a notice of moving out.",
        ),
        RefusalCode.HOUSEHOLD_MOVING_OUT: _text(
            "転出予定の方がいる世帯の証明書は交付できません。",
            "No certificate can be issued for a household with someone who is about to move out.",
        ),
        RefusalCode.DECEASED: _text(
            "このカードでは証明書を交付できません。", "No certificate can be issued with this card."
        ),
        RefusalCode.NO_SEAL: _text("印鑑の登録がありません。", "No seal is registered."),
        RefusalCode.SEAL_CANCELLED: _text(
            "印鑑の登録は廃止されています。", "The seal's registration has been cancelled."
        ),
        RefusalCode.CERTIFICATE_EXPIRED: _text(
            "利用者証明用電子証明書の有効期限が切れています。",
            "The card's authentication certificate has expired.",
            _NEW_CERTIFICATE,
        ),
        RefusalCode.CERTIFICATE_REVOKED: _text(
            "利用者証明用電子証明書は失効しています。",
            "The card's authentication certificate has been revoked.",
            _NEW_CERTIFICATE,
        ),
        RefusalCode.CERTIFICATE_SUSPENDED: _text(
            "カードは一時停止されています。",
            "The card is suspended.",
            CustomerText(
                "再開のお手続きは市区町村の窓口で受け付けています。",
                "The office of your municipality can lift the suspension.",
            ),
        ),
        RefusalCode.CERTIFICATE_UNKNOWN: _text(
            "このカードの電子証明書は登録されていません。", "The card's certificate is not registered."
        ),
        RefusalCode.NEXT_DAY_CARD: _text(
            "カードの交付を受けた当日はご利用いただけません。",
            "A new card can be used from the next day on.",
            _TOMORROW,
        ),
        RefusalCode.NEXT_DAY_PIN: _text(
            "暗証番号を変更した当日はご利用いただけません。", "A new PIN can be used from the next day on.", _TOMORROW
        ),
        RefusalCode.NEXT_DAY_MOVE_IN: _text(
            "転入のお手続きをした当日はご利用いただけません。",
            "After moving in, the service can be used from the next day on.",
            _TOMORROW,
        ),
        RefusalCode.TEXT_OVER_LIMIT: _text(
            "氏名または住所の文字数が様式の上限を超えているため交付できません。",
            "A name or address is longer than the form can hold.",
        ),
        RefusalCode.CHARACTER_PENDING: _text(
            "氏名または住所の文字を登録中のため交付できません。",
            "A character of a name or address is still being registered.",
        ),
        RefusalCode.NOT_PARTICIPATING: _text(
            "お住まいの市区町村はこのサービスを行っていません。",
            "Your municipality does not take part in this service.",
        ),
        RefusalCode.OTHER_MUNICIPALITY: _text(
            "この端末は設置している市区町村にお住まいの方専用です。",
            "This terminal serves residents of its own municipality only.",
            CustomerText(
                "お近くのコンビニエンスストアの端末をご利用ください。", "Please use a terminal in a convenience store."
            ),
        ),
        RefusalCode.NOT_OFFERED: _text(
            "この証明書はこの端末では交付していません。", "This certificate is not available at this terminal."
        ),
    }
)
"""Every refusal's words; a test holds that none is missing."""


def customer_text(code: RefusalCode) -> CustomerText:
    """What the customer is told for ``code``."""
    return REFUSAL_TEXTS[code]
