"""The desk a new administrator finds: two teams, three request types, reasons to wait, a calendar and a promise."""

from datetime import datetime

from app.accounts.models import Membership, Team, User
from app.calendars import standard as hours
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.events import record
from app.core.i18n import desk
from app.sla import standard as promise
from app.tickets.models import PendingReason

TEAMS = (
    ("service-desk", 1, {"en": "Service desk", "ru": "Служба поддержки", "ky": "Колдоо кызматы"}),
    ("specialists", 2, {"en": "Specialists", "ru": "Специалисты", "ky": "Адистер"}),
)

PENDING_REASONS = (
    ("requester", {"pauses": True, "waits_for_requester": True}, {
        "en": "Waiting for the requester", "ru": "Ждём ответа заявителя", "ky": "Өтүнмө ээсинин жообу"}),
    ("supplier", {"pauses": True}, {
        "en": "Waiting for a supplier", "ru": "Ждём поставщика", "ky": "Жеткирүүчү"}),
    ("date", {"pauses": True, "needs_date": True}, {
        "en": "Put off until a date", "ru": "Отложено до даты", "ky": "Белгиленген күн"}),
    ("internal", {"pauses": False}, {
        "en": "Waiting for work inside the organisation", "ru": "Ждём работ внутри организации",
        "ky": "Уюмдун ичиндеги жумуш"}),
)

REQUEST_TYPES = (
    ("incident", "incident", "medium", {
        "en": "Something does not work", "ru": "Что-то не работает", "ky": "Бир нерсе иштебей жатат"}, {
        "en": "Equipment, a program or a service fails or is slow.",
        "ru": "Техника, программа или услуга отказала или работает медленно.",
        "ky": "Жабдуу, программа же кызмат иштебей калды же жай иштеп жатат."}),
    ("service-request", "service_request", "low", {
        "en": "I need something", "ru": "Мне что-то нужно", "ky": "Мага бир нерсе керек"}, {
        "en": "Supplies, access, equipment, a booking, a repair.",
        "ru": "Материалы, доступ, техника, бронирование, ремонт.",
        "ky": "Материалдар, кирүү укугу, жабдуу, алдын ала ээлөө, оңдоо."}),
    ("question", "question", "low", {
        "en": "I have a question", "ru": "У меня вопрос", "ky": "Суроом бар"}, {
        "en": "How something is done, or whom to ask.",
        "ru": "Как что-то сделать или к кому обратиться.",
        "ky": "Бир нерсени кантип жасоо же кимге кайрылуу керек."}),
)

TRIED = {"key": "tried", "required": True, "labels": {
    "en": "What has been tried", "ru": "Что уже попробовали", "ky": "Эмнелер жасап көрүлдү"}}
NEEDED = {"key": "needed", "required": True, "labels": {
    "en": "What is needed from you", "ru": "Что требуется от вас", "ky": "Сизден эмне талап кылынат"}}


def install(administrator: User, now: datetime) -> None:
    """Everything a ticket needs on its way, so that the desk works at once. The caller commits."""
    first, second = _teams(administrator, now)
    _pending_reasons()
    _request_types(first, second, administrator, now)
    promise.install(hours.install(desk.time_zone, administrator, now), administrator, now)


def _teams(administrator: User, now: datetime) -> list[Team]:
    """The administrator leads the service desk, so that somebody answers from the first minute."""
    made = [Team(slug=slug, level=level, names=names) for slug, level, names in TEAMS]
    db.session.add_all(made)
    made[0].memberships = [Membership(user=administrator, is_lead=True)]
    db.session.flush()
    for team in made:
        record("team.changed", team, by=administrator, at=now, changes={"slug": [None, team.slug]})
    return made


def _pending_reasons() -> None:
    db.session.add_all(
        PendingReason(slug=slug, names=names, position=position, **about)
        for position, (slug, about, names) in enumerate(PENDING_REASONS)
    )


def _request_types(first: Team, second: Team, administrator: User, now: datetime) -> None:
    for position, (slug, kind, urgency, names, descriptions) in enumerate(REQUEST_TYPES):
        made = RequestType(slug=slug, kind=kind, urgency=urgency, names=names, descriptions=descriptions, team=first,
                           level2_team=second, handover_fields=[TRIED, NEEDED], authority={}, fields=[],
                           position=position)
        db.session.add(made)
        db.session.flush()
        record("request_type.changed", made, by=administrator, at=now, changes={"slug": [None, slug]})
