"""What a customer is told for each refusal: why, and what to do, in Japanese and English. A test holds that none is missing.

Source: reference service-and-incidents.md section 1 (what municipalities publish about who cannot use the service).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from terminal.centre.messages import RefusalCode


@dataclass(frozen=True, slots=True)
class CustomerText:
    """One refusal in both languages: the reason and what to do."""

    ja: str
    en: str


def customer_text(code: RefusalCode) -> CustomerText:
    """The words for ``code``."""
    return CUSTOMER_TEXTS[code]


CUSTOMER_TEXTS: Mapping[RefusalCode, CustomerText] = MappingProxyType(
    {
        RefusalCode.OUTSIDE_HOURS: CustomerText(
            "ただいま利用時間外です。利用時間内にもう一度お越しください。",
            "The service is closed now. Please come again during service hours.",
        ),
        RefusalCode.MAINTENANCE: CustomerText(
            "お住まいの市区町村のシステムが保守中です。後日お越しください。",
            "Your municipality's system is under maintenance. Please come again another day.",
        ),
        RefusalCode.UNDER_15: CustomerText(
            "15歳未満の方は利用できません。市区町村の窓口をご利用ください。",
            "Persons under 15 cannot use this service. Please go to the municipal office.",
        ),
        RefusalCode.PROTECTIVE_MEASURES: CustomerText(
            "この証明書はここでは発行できません。市区町村の窓口をご利用ください。",
            "This certificate cannot be issued here. Please go to the municipal office.",
        ),
        RefusalCode.MOVING_OUT: CustomerText(
            "転出の届出があるため発行できません。市区町村の窓口をご利用ください。",
            "You have given notice of moving out. Please go to the municipal office.",
        ),
        RefusalCode.HOUSEHOLD_MOVING_OUT: CustomerText(
            "世帯に転出予定の方がいるため発行できません。市区町村の窓口をご利用ください。",
            "Somebody of your household is about to move out. Please go to the municipal office.",
        ),
        RefusalCode.DECEASED: CustomerText(
            "この証明書は発行できません。市区町村の窓口にお問い合わせください。",
            "This certificate cannot be issued. Please ask at the municipal office.",
        ),
        RefusalCode.NO_SEAL: CustomerText(
            "印鑑の登録がありません。登録は市区町村の窓口でできます。",
            "You have no registered seal. A seal is registered at the municipal office.",
        ),
        RefusalCode.SEAL_CANCELLED: CustomerText(
            "印鑑登録は廃止されています。登録は市区町村の窓口でできます。",
            "Your seal registration was cancelled. A seal is registered at the municipal office.",
        ),
        RefusalCode.CERTIFICATE_EXPIRED: CustomerText(
            "電子証明書の有効期限が切れています。市区町村の窓口で更新できます。",
            "The card's certificate has expired. The municipal office renews it.",
        ),
        RefusalCode.CERTIFICATE_REVOKED: CustomerText(
            "電子証明書が失効しています。市区町村の窓口にお問い合わせください。",
            "The card's certificate was revoked. Please ask at the municipal office.",
        ),
        RefusalCode.CERTIFICATE_SUSPENDED: CustomerText(
            "カードが一時停止中です。見つかった場合は一時停止の解除をお申し出ください。",
            "The card is suspended as lost. If you have found it, have the suspension lifted.",
        ),
        RefusalCode.CERTIFICATE_UNKNOWN: CustomerText(
            "このカードは登録されていません。市区町村の窓口にお問い合わせください。",
            "This card is not registered. Please ask at the municipal office.",
        ),
        RefusalCode.NEXT_DAY_CARD: CustomerText(
            "新しいカードは受け取りの翌日から使えます。明日以降お越しください。",
            "A new card can be used from the next day on. Please come again tomorrow.",
        ),
        RefusalCode.NEXT_DAY_PIN: CustomerText(
            "暗証番号を変えたカードは翌日から使えます。明日以降お越しください。",
            "After a change of PIN the card can be used from the next day on. Please come again tomorrow.",
        ),
        RefusalCode.NEXT_DAY_MOVE_IN: CustomerText(
            "転入の届出の翌日から使えます。明日以降お越しください。",
            "The service can be used from the day after your move-in was registered. Please come again tomorrow.",
        ),
        RefusalCode.TEXT_OVER_LIMIT: CustomerText(
            "氏名または住所が様式の文字数を超えるため発行できません。市区町村の窓口をご利用ください。",
            "A name or address is longer than the form allows. Please go to the municipal office.",
        ),
        RefusalCode.CHARACTER_PENDING: CustomerText(
            "文字の登録作業中のため発行できません。後日お越しください。",
            "A character of the name is still being registered. Please come again another day.",
        ),
        RefusalCode.NOT_PARTICIPATING: CustomerText(
            "お住まいの市区町村はこのサービスに参加していません。市区町村の窓口をご利用ください。",
            "Your municipality does not take part in this service. Please go to the municipal office.",
        ),
        RefusalCode.OTHER_MUNICIPALITY: CustomerText(
            "この端末は設置した市区町村にお住まいの方だけが使えます。ほかの端末をご利用ください。",
            "This terminal serves residents of its own municipality only. Please use another terminal.",
        ),
        RefusalCode.NOT_OFFERED: CustomerText(
            "お住まいの市区町村はこの証明書をここでは発行していません。市区町村の窓口をご利用ください。",
            "Your municipality does not issue this certificate here. Please go to the municipal office.",
        ),
    }
)
