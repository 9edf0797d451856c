"""Users, departments (a tree), teams (level and speciality), sign-ins and one-use links."""

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import Base, BigId, Json, UtcDateTime, db
from app.core.i18n import localized


class Named:
    """A thing whose name an administrator gives in several languages."""

    names: Mapped[dict[str, str]] = mapped_column(Json)

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return localized(self.names)


class Department(Named, Base):
    """A unit of the organisation; its head is a manager and sees what belongs to it and below."""

    __tablename__ = "departments"
    event_subject = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", use_alter=True), index=True)

    parent: Mapped["Department | None"] = relationship(remote_side=[id])
    head: Mapped["User | None"] = relationship(foreign_keys=[head_id])


class Organisation(Base):
    """A client: an organisation for which people ask. Who writes from one of its mail domains belongs to it."""

    __tablename__ = "organisations"
    event_subject = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    domains: Mapped[list[str]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    notes: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    """What agents ought to know of it; for the staff only."""
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    version: Mapped[int] = mapped_column(default=1, server_default=sa.text("1"))

    __mapper_args__ = {"version_id_col": version}


class Team(Named, Base):
    """People of one support level and speciality; its queue is the page of its open tickets."""

    __tablename__ = "teams"
    __table_args__ = (
        sa.CheckConstraint("level >= 1", name="level"),
        sa.CheckConstraint("assignment IN ('manual', 'round_robin', 'least_loaded')", name="assignment"),
    )
    event_subject = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    level: Mapped[int] = mapped_column(default=1, server_default=sa.text("1"))
    speciality: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("departments.id"))
    """Where it belongs: hierarchic escalation goes from its leads to the head of this department and on up the tree."""
    escalates_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    """The team of a higher level that gets what this one escalates, where the request type names none."""
    calendar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_calendars.id"))
    """When its people work: assignment and mail wait for these hours; none: round the clock."""
    assignment: Mapped[str] = mapped_column(sa.String(20), default="manual", server_default="manual")
    """How the desk gives its tickets to people: manual (not at all), round_robin or least_loaded."""
    unown_after_seconds: Mapped[int | None] = mapped_column()
    """Business time after which a ticket nobody has begun goes back to the queue; none: never."""

    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])
    escalates_to: Mapped["Team | None"] = relationship(remote_side=[id])
    memberships: Mapped[list["Membership"]] = relationship(back_populates="team", cascade="all, delete-orphan")

    @property
    def chain(self) -> list["Team"]:
        """The teams to which escalation leads from here, one after another."""
        found, team = [], self.escalates_to
        while team is not None and team is not self and team not in found:
            found.append(team)
            team = team.escalates_to
        return found

    @property
    def members(self) -> list["User"]:
        """Active members, by name."""
        return sorted((m.user for m in self.memberships if m.user.is_active), key=lambda user: user.name)

    @property
    def leads(self) -> list["User"]:
        return [m.user for m in self.memberships if m.is_lead and m.user.is_active]


class Membership(Base):
    """That a user works in a team, perhaps as its lead."""

    __tablename__ = "memberships"

    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_lead: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    weight: Mapped[int] = mapped_column(default=100, server_default=sa.text("100"))
    """How much of a full share this person carries, in percent, where the desk assigns; 0: nothing."""
    capacity: Mapped[int | None] = mapped_column()
    """How many active tickets at most the desk gives to this person; none: no limit."""
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the desk last gave this person a ticket here: of equals, who has waited longest gets the next."""
    place: Mapped[int] = mapped_column(BigId, default=0, server_default=sa.text("0"))
    """Where in the line of the team, in the steps of automation.turns: who stands foremost gets the next ticket."""

    team: Mapped[Team] = relationship(back_populates="memberships")
    user: Mapped["User"] = relationship(back_populates="memberships")


class User(UserMixin, Base):
    """A person. What they are to the desk follows from teams, headed departments and two flags."""

    __tablename__ = "users"
    event_subject = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(5))
    time_zone: Mapped[str | None] = mapped_column(sa.String(60))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    is_customer: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_administrator: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())  # type: ignore[assignment]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    """The client for whom a customer asks."""
    bounced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when mail to this address comes back for good; a mail from there, or an administrator, ends it."""
    bounce_reason: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    """By which a caller is known; as it was given."""
    focus_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then only what cannot wait gets through."""
    undo_seconds: Mapped[int] = mapped_column(default=10, server_default=sa.text("10"))
    """For how long a reply of this person can be taken back before it leaves; 0: it leaves at once."""
    checks_off: Mapped[list[str]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    """The checks of a reply that this person does not want."""

    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])
    organisation: Mapped["Organisation | None"] = relationship()
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )

    sign_in_token: str = ""

    # flask-login would call any two people equal who are not signed in here: their tokens are both empty.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def get_id(self) -> str:
        """What the session cookie holds: the sign-in's token, so that a sign-in can be ended from here."""
        return self.sign_in_token

    @property
    def team_ids(self) -> list[int]:
        return [m.team_id for m in self.memberships]

    @property
    def led_team_ids(self) -> list[int]:
        return [m.team_id for m in self.memberships if m.is_lead]

    @property
    def is_agent(self) -> bool:
        return bool(self.memberships)

    @property
    def is_lead(self) -> bool:
        return bool(self.led_team_ids)

    @cached_property
    def headed_department_ids(self) -> list[int]:
        """Departments this person heads and all below them."""
        return [] if self.id is None else departments_below(self.id)

    @property
    def is_manager(self) -> bool:
        return bool(self.headed_department_ids)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


def departments_below(head_id: int) -> list[int]:
    """Ids of the departments a person heads, and of all below them."""
    return list(db.session.scalars(below(head_id)))


@lru_cache(maxsize=1024)
def below(head_id: int) -> sa.Select:
    """The same as a part of another statement; kept, since building it costs more than running it."""
    tree = sa.select(Department.id).where(Department.head_id == head_id).cte("tree", recursive=True)
    tree = tree.union(sa.select(Department.id).where(Department.parent_id == tree.c.id))
    return sa.select(tree.c.id)


class Stranger(AnonymousUserMixin):
    """Who is not signed in: has nothing and is nothing."""

    id = None
    name = ""
    language: str | None = None
    time_zone: str | None = None
    is_customer = is_administrator = is_agent = is_lead = is_manager = False
    team_ids: list[int] = []
    led_team_ids: list[int] = []
    headed_department_ids: list[int] = []


class SignIn(Base):
    """One browser signed in; the cookie holds its token, this row only the token's hash."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    browser: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")

    user: Mapped[User] = relationship()


class LinkToken(Base):
    """A link that lets one person do one thing once: accept an invitation or set a new password."""

    __tablename__ = "link_tokens"
    __table_args__ = (sa.CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(12))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class Attempt(Base):
    """A try that is counted: signing in, asking for a reset. Shared by all processes."""

    __tablename__ = "attempts"
    __table_args__ = (sa.Index("ix_attempts_key", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def by_id(user_id: Any) -> User | None:
    return db.session.get(User, user_id) if user_id is not None else None
