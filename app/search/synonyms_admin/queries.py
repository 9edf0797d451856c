"""What may be asked about words that mean the same. There are at most MOST_GROUPS: all of them can be read at once."""

import sqlalchemy as sa

from app.core.db import db
from app.core.errors import NotFound

from ..models import SynonymGroup
from ..text import words


def folded(phrase: str) -> str:
    """A word or phrase as it is compared: two that are typed differently may be one."""
    return " ".join(words(phrase))


def group(group_id: int) -> SynonymGroup:
    """Raises NotFound."""
    found = db.session.get(SynonymGroup, group_id) if group_id < 2**31 else None
    if found is None:
        raise NotFound()
    return found


def listed(wanted: str) -> sa.Select:
    """The groups, or those with a word in which the wanted one stands."""
    statement = sa.select(SynonymGroup)
    if not folded(wanted):
        return statement
    found = [group_id for phrase, group_id in places().items() if folded(wanted) in phrase]
    return statement.where(SynonymGroup.id.in_(found))


def places() -> dict[str, int]:
    """Each folded word or phrase, and the group in which it stands."""
    rows = db.session.execute(sa.select(SynonymGroup.id, SynonymGroup.words))
    return {folded(phrase): group_id for group_id, phrases in rows for phrase in phrases}


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(SynonymGroup)) or 0
