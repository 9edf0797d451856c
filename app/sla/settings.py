"""What the timers keep among the settings of the desk."""

from app.core.settings import Settings

sla = Settings("sla", edition="", work_edition="", audit_minutes=30, audit_percent=10, audit_grace_minutes=15)
"""`edition` is a new random word with every change, so that each process knows when its copy is out of date;
`work_edition` likewise for what the desk has learnt about the work that tickets take. `audit_…`: how near a deadline
must be (minutes of business time, percent of the target), and how soon a question must follow a pause."""
