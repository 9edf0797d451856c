"""The floor: the least a Flask program does for the same page: raw SQL, the right index, one Jinja page."""

import sqlite3
from pathlib import Path

from flask import Flask, redirect, request

ROWS = """<!doctype html><title>Queue</title><table>{% for r in rows %}<tr>
<td><a href="/tickets/{{ r.id }}">{{ r.id }}</a><td>{{ r.subject }}<td>{{ r.status }}<td>{{ r.priority }}
<td>{{ r.requester }}<td>{{ r.assignee or "" }}<td>{{ r.due_at or "" }}</tr>{% endfor %}</table>"""
TICKET = """<!doctype html><title>{{ t.subject }}</title><h1>{{ t.subject }}</h1>
<p>{{ t.status }} {{ t.priority }} {{ t.requester }}
{% for m in messages %}<article><b>{{ m.author }}</b> {{ m.created_at }}<p>{{ m.body }}</article>{% endfor %}"""
QUEUE_SQL = """SELECT t.id, t.subject, t.status, t.priority, t.due_at, r.name AS requester, a.name AS assignee
FROM tickets t JOIN users r ON r.id = t.requester_id LEFT JOIN users a ON a.id = t.assignee_id
WHERE t.team_id = ? AND t.status IN ('new', 'open', 'pending') ORDER BY t.queue_at, t.id LIMIT 25"""

TICKET_SQL = "SELECT t.*, r.name AS requester FROM tickets t JOIN users r ON r.id = t.requester_id WHERE t.id = ?"
MESSAGES_SQL = """SELECT m.*, u.name AS author FROM messages m JOIN users u ON u.id = m.author_id
WHERE m.ticket_id = ? ORDER BY m.created_at, m.id"""
INSERT_SQL = """INSERT INTO tickets (version, kind, subject, requester_id, channel, request_type_id, impact, urgency,
priority, status, level, team_id, fields, filed_at, updated_at, queue_at) VALUES (1, 'incident', ?, 1, 'web', 1, 'low',
'low', 'P4', 'new', 1, ?, '{}', '2026-01-01', '2026-01-01', '9999-01-01')"""
MESSAGE_SQL = """INSERT INTO messages (ticket_id, kind, author_id, channel, body, created_at)
VALUES (?, 'incoming', 1, 'web', ?, '2026-01-01')"""


def make(database: Path) -> Flask:
    """A program of three routes on a database of the desk's own shape."""
    app = Flask("floor")
    rows_page, ticket_page = app.jinja_env.from_string(ROWS), app.jinja_env.from_string(TICKET)

    def connection() -> sqlite3.Connection:
        opened = sqlite3.connect(database, isolation_level=None)
        opened.row_factory = sqlite3.Row
        opened.execute("PRAGMA synchronous=FULL")
        return opened

    @app.get("/queues/<int:team>")
    def queue(team: int):
        return rows_page.render(rows=connection().execute(QUEUE_SQL, (team,)).fetchall())

    @app.get("/tickets/<int:number>")
    def ticket(number: int):
        db = connection()
        found = db.execute(TICKET_SQL, (number,)).fetchone()
        said = db.execute(MESSAGES_SQL, (number,)).fetchall()
        return ticket_page.render(t=found, messages=said)

    @app.post("/tickets")
    def insert():
        db = connection()
        db.execute("BEGIN IMMEDIATE")
        made = db.execute(INSERT_SQL, (request.form["subject"], request.form["team"]))
        db.execute(MESSAGE_SQL, (made.lastrowid, request.form["body"]))
        db.execute("COMMIT")
        return redirect(f"/tickets/{made.lastrowid}")

    return app
