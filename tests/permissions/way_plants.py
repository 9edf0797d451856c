"""The ways in, open: calls about every planted ticket, and a request of the web form that waits for its word."""

from datetime import timedelta
from typing import Any

from app.accounts.models import User
from app.accounts.sign_in import digest
from app.channels.form.models import FormRequest
from app.channels.ways import channels
from app.core import clock
from app.core.db import db

TOKEN = "a-token-that-was-mailed"


def plant(plants: Any, cast: dict[str, User]) -> None:
    channels.change(form=True)
    now = clock.now()
    db.session.add(FormRequest(token_hash=digest(TOKEN), email="outsider@client.example", name="Outsider",
                               subject="Words", body="Words", created_at=now, expires_at=now + timedelta(days=1)))
    plants.things |= {f"{ticket}-call": {"number": number, "way": "phone"} for ticket, number in plants.tickets.items()}
    plants.things |= {"by-phone": {"way": "phone"}, "in-person": {"way": "walk_in"}, "by-drum": {"way": "drum"},
                      "form-link": {"token": TOKEN}, "no-form-link": {"token": "x"},
                      "a-caller": {"user_id": cast["dastan"].id}}
