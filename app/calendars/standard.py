"""The calendar a new desk begins with."""

from datetime import UTC, datetime
from typing import Any

from .actions import Hours, create
from .models import WorkCalendar

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""What holds from the beginning also holds for tickets that are imported from before the set-up."""

NAMES = {"en": "Monday to Friday, 9 to 18", "ru": "Понедельник – пятница, с 9 до 18",
         "ky": "Дүйшөмбү – жума, саат 9дан 18ге чейин"}
OFFICE_DAY = [["09:00", "18:00"]]
COUNTRY_OF_ZONE = {"Asia/Bishkek": "KG", "Europe/Moscow": "RU", "Asia/Yekaterinburg": "RU", "Asia/Novosibirsk": "RU",
                   "Asia/Almaty": "KZ", "Asia/Tashkent": "UZ"}


def install(zone: str, by: Any, now: datetime) -> WorkCalendar:
    """Office hours in the desk's zone, with the holidays of its country where the zone tells it."""
    hours = Hours(zone, {str(day): OFFICE_DAY for day in range(5)}, COUNTRY_OF_ZONE.get(zone),
                  valid_from=LONG_AGO)
    return create("office", NAMES, hours, by, now)
