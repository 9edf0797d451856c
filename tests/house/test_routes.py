"""Every route asks who you are; nothing but a few pages is open to strangers."""

import re
from inspect import getclosurevars

from app.core.policy import RULES
from app.tickets.queries import by_number
from app.tickets.routes.page import in_address

from . import source

OPEN_TO_STRANGERS = {
    "accounts.session_new", "accounts.session_create", "accounts.session_end", "accounts.language_change",
    "accounts.form_token_show",
    "accounts.password_forgotten", "accounts.password_ask", "accounts.password_new", "accounts.password_set",
    "admin.setup_new", "admin.setup_create", "home.robots", "home.favicon", "health.health_show",
    "home.start", "kb.portal", "kb.category_show", "kb.article_show", "kb.search_list", "kb.suggestion_list",
    "channels.form_new", "channels.form_create", "channels.form_confirmation_new", "channels.form_confirmation_create",
    "notifications.off_show", "notifications.off_create", "tickets.rating_show", "tickets.rating_create",
    "kb.vote_create", "kb.solution_create", "kb.sitemap_show", "kb.file_show",
}


def _views(app):
    return {name: view for name, view in app.view_functions.items() if name != "static"}


def test_every_route_asks_who_you_are(app):
    assert [name for name, view in _views(app).items() if not hasattr(view, "asks")] == []


def test_every_permission_asked_for_is_declared(app):
    assert {view.asks for view in _views(app).values()} - set(RULES) == set()


def test_strangers_find_only_the_doors(app):
    public = {name for name, view in _views(app).items() if view.asks == "public"}
    assert public - OPEN_TO_STRANGERS == set()


def test_only_posts_change_things(app):
    odd = [str(rule) for rule in app.url_map.iter_rules() if rule.methods - {"GET", "HEAD", "OPTIONS", "POST"}]
    assert odd == []


def test_every_address_that_is_made_leads_somewhere(app):
    made = re.compile(r"""url_for\(\s*["']([\w.]+)["']\s*[,)]""")
    asked = {(path.name, name) for path in [*source.python_files(), *source.templates()]
             for name in made.findall(path.read_text(encoding="utf-8"))}
    assert len(asked) > 200 and {(file, name) for file, name in asked if name not in app.view_functions} == set()
def test_what_only_reads_locks_no_ticket(app):
    """On PostgreSQL a page that took the lock would wait for whoever writes, and whoever writes for the page."""
    views = _views(app)
    reading = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    reading |= {name for name, view in views.items() if getattr(view, "only_reads", False)}
    locking = [name for name in sorted(reading & views.keys())
               if getclosurevars(views[name]).nonlocals.get("of") in (by_number, in_address)]
    assert locking == []
