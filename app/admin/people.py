"""People: the list, a new one, what may be changed, and the link that lets somebody set a password."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload, selectinload

from app.accounts import actions, links, queries
from app.accounts.models import Membership, User
from app.accounts.policy import behind
from app.core import clock, edits, paging, relay
from app.core.access import asks
from app.core.db import db
from app.core.events import record
from app.core.forms import stop_writing
from app.core.markup import clean_line

from . import bp, saving
from .forms import PersonForm, person_form

FRESH = {"name": "", "email": "", "phone": "", "department_id": None, "language": None, "is_customer": False,
         "is_administrator": False, "is_active": True, "teams": {}}
a_person = behind("desk.administer", queries.person)


@bp.get("/admin/people")
@asks("desk.administer")
def person_list():
    text = clean_line(request.args.get("q", ""))[:100]
    found = queries.people_like(text).options(
        joinedload(User.department), selectinload(User.memberships).joinedload(Membership.team))
    return render_template("admin/people.html", q=text,
                           page=paging.page(found, [(User.email, "asc")], request.args.get("after")))


@bp.get("/admin/people/new")
@asks("desk.administer")
def person_new():
    return _page(None, _filled(FRESH))


@bp.post("/admin/people/new")
@asks("desk.administer")
def person_create():
    form, teams, now = _form(), queries.teams(), clock.now()
    made: list[User] = []
    return saving.answer(
        form, FRESH, lambda: made.append(actions.create_person(form.facts(teams), current_user, now)),
        again=lambda: _page(None, form), done=_("The account was made. It has no password yet: invite the person."),
        onward=lambda: redirect(url_for("admin.person_edit", user_id=made[0].id)))


@bp.get("/admin/people/<int:user_id>")
@asks("desk.administer", of=a_person)
def person_edit(person: User):
    return _page(person, _filled(actions.person_facts(person)))


@bp.post("/admin/people/<int:user_id>")
@asks("desk.administer", of=a_person)
def person_save(person: User):
    form, teams, now = _form(), queries.teams(), clock.now()
    return saving.answer(
        form, actions.person_facts(person),
        lambda: actions.change_person(person, form.facts(teams), current_user, now),
        again=lambda: _page(person, form), done=_("The account was saved."),
        onward=lambda: redirect(url_for("admin.person_edit", user_id=person.id)))


def _form(**values: Any) -> PersonForm:
    return person_form(queries.teams(), queries.tree(queries.departments()))(**values)


def _filled(facts: edits.Facts) -> PersonForm:
    teams = {f"team_{team_id}": role for team_id, role in facts["teams"].items()}
    shown = facts | {"department_id": str(facts["department_id"] or ""), "language": facts["language"] or ""}
    return _form(formdata=None, seen=edits.fingerprint(facts), **shown, **teams)


def _page(person: User | None, form: PersonForm) -> str:
    return render_template("admin/person.html", person=person, form=form, can_mail=relay.is_set(),
                           team_fields=[field for field in form if field.name.startswith("team_")])


@bp.post("/admin/people/<int:user_id>/invitation")
@asks("desk.administer", of=a_person)
def invitation_create(person: User):
    """By mail where there is a relay (the link is made when the mail is); else the link is shown, this once."""
    now = clock.now()
    url = None if relay.is_set() else links.make(person, "invitation", now)
    record("user.invited", person, by=current_user, at=now, link_shown=url is not None)
    db.session.commit()
    stop_writing()
    if url:
        return render_template("admin/invitation.html", person=person, url=url)
    flash(_("An invitation is on its way to %(email)s.", email=person.email), "success")
    return redirect(url_for("admin.person_edit", user_id=person.id))
