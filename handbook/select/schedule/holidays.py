"""Look up public holidays by country, in the package `holidays`."""

from __future__ import annotations

from datetime import date

from ...core.diagnostics import error

# How many more years a plan that starts this year may last.
YEARS = 3


def public_holidays(country: str, start: date) -> list[date]:
    """Return the public holidays of a country (ISO 3166-1, two letters) from `start` on.

    Raises:
        HandbookError: For a country that is not known.
    """
    import holidays

    code = country.strip().upper()
    known = holidays.list_supported_countries()
    if code not in known:
        raise error(
            f"the public holidays of {country!r} are not known",
            hint="give two letters (ISO 3166-1), as in IN or DE; or name the days with --skip",
            code="schedule",
        )
    years = range(start.year, start.year + YEARS)
    return sorted(day for day in holidays.country_holidays(code, years=years) if day >= start)
