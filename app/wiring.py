"""Fills the registries: the one place that knows both sides. Reactions must be true at commit; the rest is outbox."""

from flask import Flask
from flask_login import LoginManager

from app.core import registries


def connect(app: Flask) -> None:
    """Register the rooms, then who reacts to what, who delivers what, who speaks on which page."""
    registries.clear()
    _sign_in(app)
    for room in _rooms():
        app.register_blueprint(room)
    _accounts()
    _live(app)
    _search()
    _ticket_texts()
    _articles()
    _timers()
    _assignment()
    _absences()
    _notifications()
    _backtests()
    _reports()


def _rooms():
    from app import (
        accounts,
        admin,
        attention,
        backtest,
        calendars,
        catalogue,
        home,
        kb,
        kpi,
        notifications,
        sla,
        tickets,
    )
    from app.core import health, live
    from app.search import synonyms_admin

    return [health.bp, live.bp, accounts.bp, calendars.bp, synonyms_admin.bp, kb.bp, catalogue.bp, tickets.bp, sla.bp,
            attention.bp, notifications.bp, backtest.bp, kpi.bp, admin.bp, home.bp]


def _sign_in(app: Flask) -> None:
    from app.accounts import sign_in

    manager = LoginManager(app)
    sign_in.connect(manager)


def _accounts() -> None:
    from app.accounts import links

    registries.HANDLERS["reset_wanted"] = links.reset_wanted


def _live(app: Flask) -> None:
    from app.core.live import newest
    from app.tickets import live

    registries.LIVE_TOPICS.update(live.TOPICS)
    registries.LIVE_ECHOES.append(live.echo)
    app.context_processor(lambda: {"live_mark": newest})


def _search() -> None:
    from app.kb import changes
    from app.kb.events import FINDABLE
    from app.kb.library import Articles
    from app.search import log, registry, upkeep

    registry.library = Articles()
    registries.FINDINGS["search"] = upkeep.finding
    registries.REACTIONS["ticket.filed"].append(log.filed)
    for kind in FINDABLE:
        registries.REACTIONS[kind].append(changes.remember)


def _ticket_texts() -> None:
    from app.tickets import texts

    registries.REACTIONS["ticket.filed"].append(texts.filed)
    registries.REACTIONS["ticket.changed"].append(texts.changed)
    for kind in ("ticket.replied", "ticket.answered", "ticket.noted", "ticket.told"):
        registries.REACTIONS[kind].append(texts.said)
    for kind in ("ticket.escalated", "ticket.handed_back", "ticket.moved"):
        registries.REACTIONS[kind].append(texts.handed_on)


def _articles() -> None:
    from app.kb import panels
    from app.tickets import article_panels, articles

    registries.PANELS["home_news"].append(panels.on_home)

    registries.REACTIONS["ticket.reopened"].append(articles.reopened)
    registries.PANELS["article"].append(article_panels.on_article)
    registries.PANELS["article_edit"].append(article_panels.on_editing)


def _timers() -> None:
    from app.automation import acts
    from app.sla import engine, panels, reactions, row_lines

    for kind in reactions.FOLLOWED:
        registries.REACTIONS[kind].append(reactions.follow)
    for kind in engine.ANNOUNCEMENTS:
        registries.REACTIONS[kind].append(acts.act)
    registries.PANELS["ticket"].append(panels.on_ticket)
    registries.PANELS["filing"].append(panels.on_filing)
    registries.PANELS["facts"].append(panels.on_facts)
    registries.ROW_LINES.append(row_lines.lines)


def _assignment() -> None:
    from app.automation import assignment, assignment_trust

    for kind in assignment.LANDINGS:
        registries.REACTIONS[kind].append(assignment.land)
    registries.REACTIONS["ticket.assigned"].append(assignment_trust.watch)


def _absences() -> None:
    from app.attention import panels

    registries.PANELS["home_news"].append(panels.on_home)


def _notifications() -> None:
    from app.notifications import bundles, delivery, digests

    registries.HANDLERS["notify"] = delivery.notify
    registries.HANDLERS["mail"] = delivery.mail
    registries.HANDLERS["bundle"] = digests.mail
    for kind in bundles.RETURNS:
        registries.REACTIONS[kind].append(bundles.look_again)


def _backtests() -> None:
    from app.backtest import buttons

    registries.PANELS["policy"].append(buttons.on_policy)
    registries.PANELS["calendar"].append(buttons.on_calendar)
    registries.PANELS["rules"].append(buttons.on_rules)


def _reports() -> None:
    from app.kpi.reports import panel

    registries.PANELS["article"].append(panel.on_article)
