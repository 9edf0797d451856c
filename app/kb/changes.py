"""Whatever changes what readers find is written down for the index, in the same transaction."""

from typing import Any

from app.core.db import db
from app.search.models import IndexChange


def remember(event: Any, article: Any) -> None:
    db.session.add(IndexChange(document_id=article.id, changed_at=event.recorded_at))
