"""What is planted for the pages that learn from searches."""

from typing import Any

from app.core import clock
from app.core.db import db
from app.search.models import SynonymGroup


def plant(plants: Any) -> None:
    group = SynonymGroup(words=["vpn", "tunnel"], changed_at=clock.now())
    db.session.add(group)
    db.session.flush()
    plants.things["a-synonym"] = {"group_id": group.id}
