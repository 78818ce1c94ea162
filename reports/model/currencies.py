"""Currencies: their codes, and how many decimals each one's amounts have.

Source: ISO 4217, the list of current codes of the Swiss Association for Standardization (SIX), as of 2026. Codes that
were withdrawn since 2010 follow it, because older deals and costs are in them.
"""

from difflib import get_close_matches

_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
ANG BGN CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL
"""
_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR",
    2: _TWO,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
CURRENCIES = {code: decimals for decimals, codes in _DECIMALS.items() for code in codes.split()}

# Those that a misspelt code probably means.
_USUAL = ("USD", "EUR", "GBP", "JPY", "CHF", "CNY", "INR", "CAD", "AUD", "BRL", "MXN")

# Money is counted in ten-thousandths, because no currency has more decimals.
_FINEST = 4


def fault(code: str) -> str | None:
    """Why a text is not the code of a currency, with the code that was probably meant; None for a code."""
    if code in CURRENCIES:
        return None
    word = code.upper()
    close = [*({word} & CURRENCIES.keys()), *get_close_matches(word, _USUAL), *get_close_matches(word, CURRENCIES)]
    meant = f"; did you mean {close[0]}?" if close else ", such as EUR"
    return f"must be the ISO 4217 code of a currency{meant}"


def decimals(code: str) -> int:
    """The decimals of a currency's amounts: 2 for EUR, 0 for JPY, 3 for KWD; 2 for a code that is not known."""
    return CURRENCIES.get(code, 2)


def smallest(code: str) -> int:
    """The smallest amount of a currency, in ten-thousandths: 100 for EUR, 10,000 for JPY."""
    return 10 ** (_FINEST - decimals(code))
