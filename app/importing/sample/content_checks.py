"""Does the sample data agree with itself? Each check yields one sentence per mistake."""
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.importing.sample.content_shapes import LANGUAGES, PRIORITIES, Field, RequestType
from app.importing.sample.content_story import COMPUTED, Scenario, placeholders

if TYPE_CHECKING:
    from app.importing.sample.content import SampleContent

ROLES = {"customer", "employee", "agent", "lead", "manager", "administrator"}
KINDS = {"incident", "service_request", "question", "problem"}
SCALE = {"low", "medium", "high"}
CHANNELS = {"web", "email", "phone", "walk_in"}
FIELD_TYPES = {"text", "textarea", "choice", "date", "number", "checkbox"}


def mistakes(content: "SampleContent") -> Iterator[str]:
    known = _known(content)
    yield from _repeated(content)
    for where, kind, slug in _references(content):
        if slug is not None and slug not in known[kind]:
            yield f"{where}: there is no {kind} {slug!r}"
    for request_type in content.request_types:
        yield from _forms(request_type)
        yield from _unspoken(content, request_type)
    for scenario in content.scenarios:
        yield from _scenario(content, scenario)


def _known(content: "SampleContent") -> dict[str, set[Any]]:
    org, shape = content.organisation, content.shape
    fixed = {
        "role": ROLES, "kind": KINDS, "scale": SCALE, "channel": CHANNELS, "language": set(LANGUAGES),
        "priority": set(PRIORITIES), "field type": FIELD_TYPES, "place": {d.place for d in org.departments},
        "gender": {"f", "m"}, "asker": {"employee", "customer"},
    }
    return fixed | {
        "department": _slugs(org.departments), "team": _slugs(org.teams), "calendar": _slugs(content.calendars),
        "policy": _slugs(content.policies), "request type": _slugs(content.request_types),
        "tag": _slugs(shape.tags), "pending reason": _slugs(shape.pending_reasons),
    }


def _slugs(things: Iterable[Any]) -> set[str]:
    return {thing.slug for thing in things}


def _repeated(content: "SampleContent") -> Iterator[str]:
    org = content.organisation
    groups = (org.departments, org.teams, org.people, content.calendars, content.policies, content.rules,
              content.request_types, content.shape.tags)
    names = [[t.slug for t in group] for group in groups] + [[p.email for p in org.people]]
    names.append([f"{s.request_type}/{s.slug}" for s in content.scenarios])
    for group in names:
        yield from (f"{name!r} stands there {n} times" for name, n in Counter(group).items() if n > 1)


def _references(content: "SampleContent") -> Iterator[tuple[str, str, Any]]:
    yield from _of_organisation(content)
    yield from _of_timing(content)
    yield from _of_types(content)
    yield from _of_scenarios(content)


def _of_organisation(content: "SampleContent") -> Iterator[tuple[str, str, Any]]:
    for d in content.organisation.departments:
        yield from _named(d, department=d.parent, calendar=d.calendar)
    for t in content.organisation.teams:
        yield from _named(t, department=t.department, calendar=t.calendar)
    for p in content.organisation.people:
        yield from _named(p, department=p.department, role=p.role, language=p.language, gender=p.gender)
        yield p.slug, "department", p.department_head
        yield from ((p.slug, "team", m.team) for m in p.teams)


def _of_timing(content: "SampleContent") -> Iterator[tuple[str, str, Any]]:
    for p in content.policies:
        yield p.slug, "calendar", p.calendar
        yield from ((p.slug, "priority", priority) for priority in p.targets)
    for r in content.rules:
        yield r.slug, "policy", r.policy
        yield from _several(r, {"request type": r.request_types, "priority": r.priorities,
                                "department": r.departments, "team": r.teams})


def _of_types(content: "SampleContent") -> Iterator[tuple[str, str, Any]]:
    for t in content.request_types:
        yield from _named(t, kind=t.kind, policy=t.policy)
        yield from _several(t, {"team": (t.level1_team, t.level2_team, *t.visible_to), "scale": (t.impact, t.urgency),
                                "field type": [f.type for f in t.fields + t.handover]})
    for slug, shape in content.shape.types.items():
        yield "shape", "request type", slug
        yield from (("shape", "channel", channel) for channel in shape.channels or ())
    yield from (("shape", "channel", channel) for channel in content.shape.channels)


def _of_scenarios(content: "SampleContent") -> Iterator[tuple[str, str, Any]]:
    for s in content.scenarios:
        yield from _named(s, language=s.language, kind=s.kind, gender=s.voice, asker=s.asker)
        yield from _several(s, {"scale": (s.impact, s.urgency), "tag": s.tags, "place": s.places,
                                "pending reason": (s.pending,)})


def _named(thing: Any, **references: Any) -> Iterator[tuple[str, str, Any]]:
    yield from _several(thing, {kind: (slug,) for kind, slug in references.items()})


def _several(thing: Any, references: Mapping[str, Iterable[Any]]) -> Iterator[tuple[str, str, Any]]:
    for kind, slugs in references.items():
        yield from ((thing.slug, kind, slug) for slug in slugs)


def _forms(request_type: RequestType) -> Iterator[str]:
    for field in request_type.fields + request_type.handover:
        if (field.type == "choice") != bool(field.choices):
            yield f"{request_type.slug}.{field.key}: choices belong to the type choice, and only there"


def _unspoken(content: "SampleContent", request_type: RequestType) -> Iterator[str]:
    for language in LANGUAGES:
        if not content.scenarios_of(request_type.slug, language):
            yield f"{request_type.slug}: no scenario in {language}"
    if request_type.slug not in content.shape.types:
        yield f"{request_type.slug}: no weight in shape.toml"


def _scenario(content: "SampleContent", scenario: Scenario) -> Iterator[str]:
    request_type = next(t for t in content.request_types if t.slug == scenario.request_type)
    where = f"{scenario.request_type}/{scenario.slug}"
    for name in sorted(placeholders((scenario.story, scenario.pool)) - COMPUTED - set(scenario.values)):
        yield f"{where}: nothing to put for {{{name}}}"
    yield from _answers(f"{where} fields", request_type.fields, scenario.story.fields)
    if scenario.story.escalation:
        yield from _answers(f"{where} handover", request_type.handover, scenario.story.escalation.handover)
    if scenario.story.escalation and not request_type.level2_team:
        yield f"{where}: escalates, but nobody stands behind level 1"
    if bool(scenario.story.question) != bool(scenario.story.answer):
        yield f"{where}: a question needs its answer"
    if not content.askers(scenario):
        yield f"{where}: nobody could say this"


def _answers(where: str, form: Iterable[Field], given: Mapping[str, Any]) -> Iterator[str]:
    fields = {field.key: field for field in form}
    yield from (f"{where}: no field {key!r}" for key in given if key not in fields)
    yield from (f"{where}: {key!r} is required" for key, f in fields.items() if f.required and key not in given)
    for key, value in given.items():
        if key in fields and fields[key].choices and value not in fields[key].choices:
            yield f"{where}: {value!r} is not a choice of {key!r}"
