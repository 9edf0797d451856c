"""What calendars keep among the settings of the desk."""

from app.core.settings import Settings

calendars = Settings("calendars", edition="")
"""`edition` is a new random word with every change, so that each process knows when its copy is out of date."""
