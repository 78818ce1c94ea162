"""Public holidays of a country, or a region of it, as the package `holidays` knows them."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from babel import Locale

from reports.model.language import current_language, translate
from service.errors import Fault, InvalidItem

_FIRST_YEAR, _LAST_YEAR, _MOST_YEARS = 1970, 2100, 10


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays of some years: each day with its name, in order. place: where, in words."""

    place: str
    days: list[tuple[date, str]]


def countries() -> list[tuple[str, str]]:
    """The countries whose holidays are known: code and name in the reader's language, in the order of the names."""
    return _countries(current_language().code)


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale(language).territories
    known = ((code, names[code]) for code in holidays.list_supported_countries(include_aliases=False) if code in names)
    return sorted(known, key=lambda country: country[1])


def regions(country: str) -> list[tuple[str, str]]:
    """The regions of a country that have holidays of their own: code and name, as far as it has one."""
    if country not in dict(countries()):
        return []
    calendar = holidays.country_holidays(country)
    names = {code: name for name, code in calendar.subdivisions_aliases.items()}
    return [(code, names.get(code, code)) for code in calendar.subdivisions]


def public_holidays(country: str, region: str, first_year: str, last_year: str) -> PublicHolidays:
    """The public holidays of a country, of one of its regions, over some years. Raises InvalidItem."""
    place = dict(countries()).get(country)
    faults = [] if place else [Fault("country", translate("must be one of the countries in the list"))]
    if place and region and region not in dict(regions(country)):
        known = ", ".join(f"{code} ({name})" if name != code else code for code, name in regions(country))
        faults.append(
            Fault(
                "region",
                translate("must be one of {names}", names=known)
                if known
                else translate("must be empty: this country has none"),
            )
        )
    years, year_faults = _years(first_year, last_year or first_year)
    if faults or year_faults:
        raise InvalidItem(faults=(*faults, *year_faults))
    english = "en_US" if "en_US" in holidays.country_holidays(country).supported_languages else None
    calendar = holidays.country_holidays(country, subdiv=region or None, years=years, language=english)
    where = f"{place} ({dict(regions(country))[region]})" if region else place or ""
    return PublicHolidays(where, sorted(calendar.items()))


def _years(first: str, last: str) -> tuple[range, list[Fault]]:
    """The years from one to another, both included, or what is wrong with them."""
    faults = [
        Fault(
            name,
            translate("must be a year from {first_year} to {last_year}", first_year=_FIRST_YEAR, last_year=_LAST_YEAR),
        )
        for name, year in (("first_year", first), ("last_year", last))
        if not (year.isascii() and year.isdecimal() and _FIRST_YEAR <= int(year[:9]) <= _LAST_YEAR)
    ]
    if faults:
        return range(0), faults
    if not 0 <= int(last) - int(first) < _MOST_YEARS:
        return range(0), [
            Fault(
                "last_year",
                translate("must follow the first year, with at most {most_years} years in all", most_years=_MOST_YEARS),
            )
        ]
    return range(int(first), int(last) + 1), []
