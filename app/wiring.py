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
    _mail()
    _form()
    _mentions()
    _sending()
    _articles()
    _timers()
    _assignment()
    _absences()
    _clients()
    _known_issues()
    _ratings()
    _notifications()
    _backtests()
    _reports()
    _setup_checks()


def _rooms():
    from app import (
        accounts,
        admin,
        attention,
        backtest,
        calendars,
        catalogue,
        channels,
        home,
        kb,
        kpi,
        notifications,
        sla,
        tickets,
    )
    from app.core import health, live
    from app.search import synonyms_admin

    return [health.bp, live.bp, accounts.bp, calendars.bp, synonyms_admin.bp, channels.bp, kb.bp, catalogue.bp,
            tickets.bp, sla.bp, attention.bp, notifications.bp, backtest.bp, kpi.bp, admin.bp, home.bp]


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
    registries.LIVE_SIGHTS.update(live.SIGHTS)
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
    for kind in ("ticket.replied", "ticket.answered", "ticket.automatic", "ticket.noted", "ticket.told"):
        registries.REACTIONS[kind].append(texts.said)
    for kind in ("ticket.escalated", "ticket.handed_back", "ticket.moved"):
        registries.REACTIONS[kind].append(texts.handed_on)


def _mentions() -> None:
    from app.tickets import mentions

    for kind in ("ticket.replied", "ticket.answered", "ticket.noted"):
        registries.REACTIONS[kind].append(mentions.written)


def _sending() -> None:
    from app.tickets.sending import checks

    registries.CHECKS["reply"].extend(checks.ALL)


def _form() -> None:
    from app.channels.form import letter
    from app.tickets import inbound_form

    registries.RECEIVERS["form"] = inbound_form.receive
    registries.CHOICES["form"] = inbound_form.choices
    registries.HANDLERS["form_confirm"] = letter.form_confirm


def _mail() -> None:
    from app.channels.email.fetching import state
    from app.channels.email.return_address import is_own
    from app.tickets.inbound import panels, receive

    registries.FINDINGS["mail_in"] = state.finding
    registries.OWN_ADDRESSES.append(is_own)

    registries.RECEIVERS["email"] = receive.receive
    registries.PANELS["ticket"].append(panels.on_ticket)


def _articles() -> None:
    from app.kb import panels
    from app.tickets import article_panels, articles

    registries.PANELS["home_news"].append(panels.on_home)

    registries.REACTIONS["ticket.reopened"].append(articles.reopened)
    registries.PANELS["article"].append(article_panels.on_article)
    registries.PANELS["article_edit"].append(article_panels.on_editing)


def _timers() -> None:
    from app.automation import acts
    from app.sla import engine, panels, promised, reactions, row_lines

    for kind in reactions.FOLLOWED:
        registries.REACTIONS[kind].append(reactions.follow)
    for kind in engine.ANNOUNCEMENTS:
        registries.REACTIONS[kind].append(acts.act)
    registries.PANELS["ticket"].append(panels.on_ticket)
    registries.PANELS["filing"].append(panels.on_filing)
    registries.PANELS["facts"].append(panels.on_facts)
    registries.ROW_LINES.append(row_lines.lines)
    registries.PROMISED.append(promised.promised_at)


def _assignment() -> None:
    from app.automation import assignment, assignment_trust

    for kind in assignment.LANDINGS:
        registries.REACTIONS[kind].append(assignment.land)
    registries.REACTIONS["ticket.assigned"].append(assignment_trust.watch)


def _absences() -> None:
    from app.attention import panels

    registries.PANELS["home_news"].append(panels.on_home)


def _clients() -> None:
    from app.tickets import client_panels

    registries.PANELS["client"].append(client_panels.on_client)


def _known_issues() -> None:
    from app.tickets.asking import known

    for kind in ("ticket.resolved", "ticket.closed", "ticket.cancelled", "ticket.merged"):
        registries.REACTIONS[kind].append(known.ended)
    registries.PANELS["home_news"].insert(0, known.on_home)
    registries.PANELS["ticket"].append(known.on_ticket)


def _ratings() -> None:
    from app.tickets.ratings import panels

    registries.PANELS["ticket"].append(panels.on_ticket)


def _notifications() -> None:
    from app.notifications import bundles, delivery, digests, panels

    registries.HANDLERS["notify"] = delivery.notify
    registries.HANDLERS["mail"] = delivery.mail
    registries.HANDLERS["bundle"] = digests.mail
    for kind in bundles.RETURNS:
        registries.REACTIONS[kind].append(bundles.look_again)
    registries.PANELS["ticket"].append(panels.on_ticket)


def _backtests() -> None:
    from app.backtest import buttons

    registries.PANELS["policy"].append(buttons.on_policy)
    registries.PANELS["calendar"].append(buttons.on_calendar)
    registries.PANELS["rules"].append(buttons.on_rules)


def _reports() -> None:
    from app.kpi.reports import panel

    registries.PANELS["article"].append(panel.on_article)


def _setup_checks() -> None:
    from app.accounts import setup_checks as of_teams
    from app.catalogue import setup_checks as of_types
    from app.channels import setup_checks as of_ways
    from app.kb import setup_checks as of_articles
    from app.sla import setup_checks as of_promises

    rooms = (of_teams, of_types, of_promises, of_ways, of_articles)
    registries.SETUP_CHECKS.extend(room.found for room in rooms)
