"""Categories of articles: the list, and the page on which one is made or changed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.policy import behind
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import Choice, spoken, stop_writing

from .. import bp, shelving
from ..forms import CategoryForm
from ..models import Category
from ._writers import me

a_category = behind("desk.administer", shelving.find)


@bp.get("/admin/article-categories")
@asks("desk.administer")
def category_list():
    return render_template("kb/categories.html", tree=shelving.tree(), counts=shelving.counts())


@bp.get("/admin/article-categories/new")
@asks("desk.administer")
def category_new():
    return _page(None, _filled(shelving.FRESH))


@bp.post("/admin/article-categories/new")
@asks("desk.administer")
def category_create():
    return _save(Category(), shelving.FRESH)


@bp.get("/admin/article-categories/<slug>")
@asks("desk.administer", of=a_category)
def category_edit(category: Category):
    return _page(category, _filled(shelving.facts_of(category)))


@bp.post("/admin/article-categories/<slug>")
@asks("desk.administer", of=a_category)
def category_save(category: Category):
    return _save(category, shelving.facts_of(category))


@bp.post("/admin/article-categories/<slug>/removal")
@asks("desk.administer", of=a_category)
def category_remove(category: Category):
    shelving.remove(category, me(), clock.now())
    return _done(_("The category was removed."))


def _save(category: Category, stored: edits.Facts) -> Any:
    form, is_new = _form(), category.id is None
    code = edits.save(form, stored, lambda: shelving.change(category, form.facts(), me(), clock.now()))
    if code:
        stop_writing()
        return _page(None if is_new else category, form), code
    return _done(_("The category was saved."))


def _done(sentence: str) -> Any:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("kb.category_list"), 303)


def _form(**values: Any) -> CategoryForm:
    tops = [(str(one.id), one.title) for depth, one in shelving.tree() if depth == 0]
    parent = Choice(_l("Belongs to"), choices=[("", _l("Nothing: it stands at the top")), *tops])
    return type("CategoryForm", (CategoryForm,), {"parent_id": parent})(**values)


def _filled(facts: edits.Facts) -> CategoryForm:
    return _form(formdata=None, seen=edits.fingerprint(facts), slug=facts["slug"], position=facts["position"],
                 parent_id=str(facts["parent_id"] or ""), **spoken("names", facts["names"]))


def _page(category: Category | None, form: CategoryForm) -> str:
    return render_template("kb/category_form.html", category=category, form=form)
