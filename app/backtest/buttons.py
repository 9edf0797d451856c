"""“Try it on the past”: a button in the forms of other rooms, which sends what was typed to a draft instead."""

from datetime import datetime
from typing import Any

from flask import render_template, url_for

from app.calendars.models import WorkCalendar
from app.sla.models import SlaPolicy


def on_policy(policy: SlaPolicy | None, viewer: Any, now: datetime) -> str:
    return _button(url_for("backtest.policy_draft", slug=policy.slug)) if policy else ""


def on_calendar(calendar: WorkCalendar | None, viewer: Any, now: datetime) -> str:
    return _button(url_for("backtest.calendar_draft", slug=calendar.slug)) if calendar else ""


def on_rules(_shown: Any, viewer: Any, now: datetime) -> str:
    return _button(url_for("backtest.rule_draft"))


def _button(address: str) -> str:
    return render_template("backtest/_button.html", address=address)
