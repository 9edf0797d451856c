"""Departments: the tree and its heads."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import actions, queries
from app.accounts.models import Department
from app.accounts.policy import behind
from app.core import clock, edits
from app.core.access import asks
from app.core.forms import maybe_id, said, spoken

from . import bp, saving
from .forms import DepartmentForm, department_form

FRESH = {"slug": "", "names": {}, "parent_id": None, "head_id": None}
a_department = behind("desk.administer", queries.department)


@bp.get("/admin/departments")
@asks("desk.administer")
def department_list():
    return render_template("admin/departments.html", departments=queries.tree(queries.departments()))


@bp.get("/admin/departments/new")
@asks("desk.administer")
def department_new():
    return _page(None, _filled(FRESH, None))


@bp.post("/admin/departments/new")
@asks("desk.administer")
def department_create():
    return _save(Department(), FRESH)


@bp.get("/admin/departments/<slug>")
@asks("desk.administer", of=a_department)
def department_edit(department: Department):
    return _page(department, _filled(actions.department_facts(department), department))


@bp.post("/admin/departments/<slug>")
@asks("desk.administer", of=a_department)
def department_save(department: Department):
    return _save(department, actions.department_facts(department))


def _save(department: Department, stored: edits.Facts) -> Any:
    form, now, is_new = _form(), clock.now(), department.id is None
    return saving.answer(
        form, stored, lambda: _change(department, form, now),
        again=lambda: _page(None if is_new else department, form), done=_("The department was saved."),
        onward=lambda: redirect(url_for("admin.department_list")))


def _change(department: Department, form: DepartmentForm, now: datetime) -> None:
    facts = {"slug": form.slug.data, "names": said(form, "names"), "parent_id": maybe_id(form.parent_id.data),
             "head_id": queries.ids_of([form.head.data])[0] if form.head.data else None}
    actions.change_department(department, facts, current_user, now)


def _form(**values: Any) -> DepartmentForm:
    return department_form(queries.tree(queries.departments()))(**values)


def _filled(facts: edits.Facts, department: Department | None) -> DepartmentForm:
    head = department.head.email if department and department.head else ""
    return _form(formdata=None, seen=edits.fingerprint(facts), slug=facts["slug"], head=head,
                 parent_id=str(facts["parent_id"] or ""), **spoken("names", facts["names"]))


def _page(department: Department | None, form: DepartmentForm) -> str:
    return render_template("admin/department.html", department=department, form=form)
