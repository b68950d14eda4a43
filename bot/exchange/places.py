"""What an address and a number tell by themselves: the time zone of a ZIP code, whether a number can get texts."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.exchange.enrolment import InputError

# The country of +1 numbers of the territories, which phonenumbers counts as regions of their own.
AMERICAN = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
TEXTABLE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER,
                      PhoneNumberType.VOIP})  # by rows, not an item a line  # fmt: skip
KINDS = {
    PhoneNumberType.TOLL_FREE: "is a toll-free number",
    PhoneNumberType.FIXED_LINE: "is a landline",
    PhoneNumberType.PREMIUM_RATE: "is a premium number",
}


def zone_of_zip(code: str) -> str:
    """The IANA zone of an American ZIP code, looked up in the package `zipcodes`, which needs no network.

    :raises InputError: it is none, or one that lies in no zone of its own (military post).
    """
    from zipcodes import matching  # noqa: PLC0415 - only the form needs it

    digits = code.strip()
    try:
        found = matching(digits)  # type: ignore[no-untyped-call]  # the package has no types
    except (ValueError, TypeError):
        raise InputError("zip: is no ZIP code, like 66205") from None
    if not found:
        raise InputError("zip: is a ZIP code that does not exist. Choose the time zone instead")
    zone = str(found[0]["timezone"])
    if not zone:
        raise InputError("zip: is a military one, which lies in no time zone. Choose the time zone instead")
    return zone


def why_not_textable(e164: str) -> str:
    """Why a patient cannot be texted on that number, or nothing. Most American landlines cannot be told from mobiles:
    both are numbered alike, and only the first text shows it."""
    read = phonenumbers.parse(e164)
    if phonenumbers.region_code_for_number(read) not in AMERICAN:
        return "is not a US number: check-ins go to US numbers only"
    kind = phonenumbers.number_type(read)
    if kind in TEXTABLE:
        return ""
    return f"{KINDS.get(kind, 'is a special number')}, which gets no texts: ask for a mobile number"
