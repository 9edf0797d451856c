"""The people tests speak of, by name."""

from flask.testing import FlaskClient

from app.accounts import sign_in as sign_ins
from app.accounts.models import Department, Membership, Team, User
from app.core import clock
from app.core.db import db


def names(text: str) -> dict[str, str]:
    return {"en": text, "ru": text, "ky": text}


def team(slug: str, level: int = 1) -> Team:
    made = Team(slug=slug, names=names(slug.title()), level=level)
    db.session.add(made)
    db.session.flush()
    return made


def department(slug: str, parent: Department | None = None, head: User | None = None) -> Department:
    made = Department(slug=slug, names=names(slug.title()), parent_id=parent.id if parent else None,
                      head_id=head.id if head else None)
    db.session.add(made)
    db.session.flush()
    return made


def user(name: str, *, department: Department | None = None, member: tuple[Team, ...] = (),
         leads: tuple[Team, ...] = (), customer: bool = False, administrator: bool = False) -> User:
    made = User(name=name.title(), email=f"{name}@jardam.example", language="en", time_zone="Asia/Bishkek",
                department_id=department.id if department else None, is_customer=customer,
                is_administrator=administrator)
    made.memberships = [Membership(team=t) for t in member] + [Membership(team=t, is_lead=True) for t in leads]
    db.session.add(made)
    db.session.flush()
    return made


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """The browser with this person signed in, as after the form of sign-in."""
    token = sign_ins.begin(user, clock.now(), "127.0.0.1", "test")
    db.session.commit()
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = token
        session["_fresh"] = True
    return client
