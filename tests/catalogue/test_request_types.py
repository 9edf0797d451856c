"""Request types in the browser: words, teams, confidentiality, and the questions they ask."""

import pytest
import sqlalchemy as sa

from app.catalogue.models import RequestType
from app.catalogue.queries import by_slug
from app.catalogue.questions import choices_of
from app.core.db import db
from app.core.events import events_of
from tests import factories, people

pytestmark = pytest.mark.slow

NEW, PRINTER = "/admin/request-types/new", "/admin/request-types/printer"


def test_new_request_type_is_offered_and_told_of(root, place, save):
    assert save(NEW, names_en="Vehicle", names_ky="Унаа", slug="vehicle", kind="service_request",
                team_id=str(place.first.id), level2_team_id=str(place.second.id), position="5").status_code == 302
    made = by_slug("vehicle")
    assert (made.names, made.team_id, made.position) == ({"en": "Vehicle", "ky": "Унаа"}, place.first.id, 5)
    assert events_of("request_type", made.id)[-1].data["changes"]["slug"] == [None, "vehicle"]
    assert root.get("/tickets/new/vehicle").status_code == 200


def test_saving_what_is_there_changes_nothing(place, save):
    place.printer.fields = [
        {"key": "room", "labels": {"en": "Room"}, "type": "text", "required": True, "help": {"en": "On the door"}},
        {"key": "floor", "labels": {"en": "Floor"}, "type": "choice", "required": False,
         "choices": [{"value": "1", "labels": {"en": "First", "ru": "Первый"}}]}]
    place.printer.handover_fields = [{"key": "tried", "labels": {"en": "Tried"}, "required": True}]
    db.session.commit()
    assert save(PRINTER).status_code == 302
    assert events_of("request_type", place.printer.id) == []


def test_question_is_added_in_a_free_row_and_asked_when_filing(root, place, save):
    save(PRINTER, **{"questions-0-labels_en": "Which room?", "questions-0-type": "text", "questions-0-required": "y"})
    assert place.printer.fields == [
        {"key": "which_room", "labels": {"en": "Which room?"}, "type": "text", "required": True}]
    assert 'name="field_which_room"' in root.get("/tickets/new/printer").text


def test_question_keeps_its_key_when_its_words_change(place, save):
    place.printer.fields = [{"key": "room", "labels": {"en": "Room"}, "type": "text", "required": False}]
    db.session.commit()
    save(PRINTER, **{"questions-0-labels_en": "Number of the room"})
    assert [question["key"] for question in place.printer.fields] == ["room"]


def test_questions_stand_in_the_order_of_their_places(place, save):
    place.printer.fields = [{"key": key, "labels": {"en": key}, "type": "text", "required": False} for key in "ab"]
    db.session.commit()
    save(PRINTER, **{"questions-0-position": "2", "questions-1-position": "1", "questions-2-labels_en": "c"})
    assert [question["key"] for question in place.printer.fields] == ["b", "a", "c"]


def test_question_without_words_is_taken_out(place, save):
    place.printer.fields = [{"key": "room", "labels": {"en": "Room"}, "type": "text", "required": False}]
    db.session.commit()
    save(PRINTER, **{"questions-0-labels_en": ""})
    assert place.printer.fields == []


def test_two_questions_never_share_a_key(place, save):
    save(PRINTER, **{"questions-0-labels_en": "Room", "questions-1-labels_en": "Room!",
                     "questions-2-labels_ru": "Комната"})
    assert [question["key"] for question in place.printer.fields] == ["room", "room_2", "item"]


def test_list_to_choose_from_must_not_be_empty(place, save):
    answer = save(PRINTER, **{"questions-1-labels_en": "Colour?", "questions-1-type": "choice"})
    assert answer.status_code == 400
    assert "Row 2: Say what there is to choose from" in answer.text and "Colour?" in answer.text


def test_choices_keep_the_short_name_they_were_given():
    assert choices_of("red = Red | Красный | Кызыл\n\nLight blue | Голубой\nLight-blue") == [
        {"value": "red", "labels": {"en": "Red", "ru": "Красный", "ky": "Кызыл"}},
        {"value": "light_blue", "labels": {"en": "Light blue", "ru": "Голубой"}},
        {"value": "light_blue_2", "labels": {"en": "Light-blue"}}]


def test_handover_asks_what_level_2_needs(place, save):
    save(PRINTER, **{"handover-0-labels_en": "What was tried", "handover-0-required": "y"})
    assert place.printer.handover_fields == [
        {"key": "what_was_tried", "labels": {"en": "What was tried"}, "required": True}]


def test_confidential_type_names_teams_and_people(root, place, filled):
    form = filled(PRINTER, is_confidential="y", named_people="cholpon@jardam.example")
    assert root.post(PRINTER, data=form | {"named_teams": [str(place.second.id)]}).status_code == 302
    assert {(access.team_id, access.user_id) for access in place.printer.named} == {
        (place.second.id, None), (None, place.cholpon.id)}
    page = root.get(PRINTER).text
    assert "cholpon@jardam.example" in page


def test_person_nobody_knows_is_named(place, save):
    answer = save(PRINTER, named_people="ghost@jardam.example")
    assert answer.status_code == 400
    assert "ghost@jardam.example" in answer.text


@pytest.mark.parametrize("wrong", [
    {"kind": "nonsense"}, {"impact": "huge"}, {"team_id": "999999"}, {"team_id": "x"}, {"position": "-1"},
    {"slug": "a b"}, {"names_en": ""}, {"names_en": "x" * 121}, {"named_teams": "x"},
    {"questions-0-labels_en": "q", "questions-0-type": "nonsense"}, {"handover-0-position": "many"},
])
def test_senseless_values_are_refused(place, save, wrong):
    assert save(PRINTER, **{"names_ru": "", "names_ky": ""} | wrong).status_code == 400


def test_short_name_of_another_is_refused(place, save):
    factories.request_type("scanner", place.first)
    assert save(PRINTER, slug="scanner").status_code == 409


def test_second_of_two_savers_is_told_and_loses_nothing_typed(root, place, filled):
    mine = filled(PRINTER, **{"questions-0-labels_en": "My question"})
    theirs = filled(PRINTER, descriptions_en="Theirs")
    assert root.post(PRINTER, data=theirs).status_code == 302
    answer = root.post(PRINTER, data=mine)
    assert answer.status_code == 409
    assert "My question" in answer.text
    db.session.refresh(place.printer)
    assert (place.printer.description, place.printer.fields) == ("Theirs", [])


def test_type_no_longer_offered_stays_in_the_list(root, place, save):
    save(PRINTER, is_active=None)
    assert root.get("/tickets/new/printer").status_code == 404
    assert "Not offered" in root.get("/admin/request-types").text


def test_list_costs_the_same_however_many(root, place, statements):
    few = statements(lambda: root.get("/admin/request-types"))
    for number in range(20):
        factories.request_type(f"type-{number}", people.team(f"team-{number}"))
    assert statements(lambda: root.get("/admin/request-types")) == few


def test_unknown_type_is_not_there(root):
    assert root.get("/admin/request-types/nonsense").status_code == 404
    assert db.session.scalar(sa.select(RequestType).where(RequestType.slug == "nonsense")) is None
