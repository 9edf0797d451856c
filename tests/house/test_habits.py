"""Habits that are easy to break without noticing."""

import ast
import re
from pathlib import Path

import sqlalchemy as sa

from app.core.db import UtcDateTime, db

from . import source

MAY_COMMIT = ("routes", "jobs", "cli", "commands", "core/outbox.py", "core/lease.py", "core/backup", "core/restore",
              "core/schema.py", "housekeeping.py", "sweep.py", "importing/", "notifications/", "server.py", "admin/",
              "core/elector.py", "search/aside.py", "search/upkeep.py", "search/rebuild.py",
              "search/whoosh_index.py",
              "channels/email/fetching/", "channels/email/ingest.py", "channels/email/intake.py")


def _calls(name: str):
    for path, call in source.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr == name:
            yield path.relative_to(source.APP).as_posix(), call


def test_models_and_queries_never_commit():
    wrong = [path for path, call in _calls("commit") if not any(part in path for part in MAY_COMMIT)]
    assert wrong == []


def test_only_the_clock_asks_for_the_time():
    wrong = [f"{path}:{call.lineno}" for name in ("now", "utcnow", "today") for path, call in _calls(name)
             if ast.unparse(call.func) in ("datetime.now", "datetime.utcnow", "date.today", "datetime.datetime.now")
             and path != "core/clock.py"]
    assert wrong == []


def test_every_moment_is_stored_in_utc():
    wrong = [str(column) for table in db.metadata.tables.values() for column in table.columns
             if isinstance(column.type, sa.DateTime) and not isinstance(column.type, UtcDateTime)]
    assert wrong == []


def test_event_kinds_are_spelled_in_a_catalogue(app):
    from app.core.events import KINDS

    spelled = set()
    for _path, call in source.calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in ("record", "_tell") and call.args and isinstance(call.args[0], ast.Constant):
            spelled.add(call.args[0].value)
    assert spelled - set(KINDS) == set()


def test_templates_carry_no_style_and_no_script_of_their_own():
    wrong = [str(path) for path in source.templates()
             if re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\bsrc=)", Path(path).read_text(encoding="utf-8"))]
    assert wrong == []


def test_every_post_form_carries_its_token():
    wrong = []
    for path in source.templates():
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text, re.S | re.I):
            if "csrf" not in form:
                wrong.append(f"{path}: {form[:80]}")
    assert wrong == []
