"""Days and ages as the contract counts them (§4, 要点 1, 3, 6; 民法典 202, 1259)."""

from datetime import date, timedelta
from typing import Final

FIRST_DAY: Final = date(2025, 5, 1)
LAST_DAY: Final = date(2028, 4, 30)
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 31)


def plus_months(day: date, months: int) -> date:
    """The corresponding day that many months later, or that month's last day. 要点 6."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))


def delay(born: date, original: int) -> int:
    """The months by which the gradual delay puts retirement off. 要点 3."""
    start_year, step, cap = {60: (1965, 4, 36), 55: (1970, 4, 36), 50: (1975, 2, 60)}[original]
    months = (born.year - start_year) * 12 + born.month - 1
    return 0 if months < 0 else min(cap, months // step + 1)


def retirement_day(born: date, original: int) -> date:
    """The first day on which one is no longer of working age. 要点 3, 6."""
    return plus_months(born, original * 12 + delay(born, original))


def born_to_retire_on(day: date, original: int) -> date:
    """The first birth date whose retirement day is this day or later."""
    born = plus_months(day, -12 * original - 61)
    while retirement_day(born, original) < day:
        far = (day - retirement_day(born, original)).days
        born += timedelta(days=max(1, far // 3))
    while retirement_day(born - timedelta(days=1), original) >= day:
        born -= timedelta(days=1)
    return born
