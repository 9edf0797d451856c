"""Departments: the tree, its heads, and no circles."""

import pytest
import sqlalchemy as sa

from app.accounts import queries
from app.accounts.models import Department
from app.core.db import db
from app.core.events import events_of
from tests import people


@pytest.fixture
def floors(place):
    """Building › floor › room."""
    building = people.department("building")
    floor = people.department("floor", building)
    return building, floor, people.department("room", floor)


def test_new_department_below_another_with_a_head(place, save):
    assert save("/admin/departments/new", names_en="Stores", slug="stores", parent_id=str(place.office.id),
                head="aigul@jardam.example").status_code == 302
    made = db.session.scalars(sa.select(Department).where(Department.slug == "stores")).one()
    assert (made.parent_id, made.head_id) == (place.office.id, place.aigul.id)
    assert events_of("department", made.id)[-1].data["changes"]["head_id"] == [None, place.aigul.id]


@pytest.mark.parametrize("below", ["building", "floor", "room"])
def test_circle_is_refused(floors, save, below):
    parent = queries.department(below)
    answer = save("/admin/departments/building", parent_id=str(parent.id))
    assert answer.status_code == 400
    assert "cannot stand below itself" in answer.text
    db.session.refresh(floors[0])
    assert floors[0].parent_id is None


def test_moving_a_branch_is_fine(floors, place, save):
    assert save("/admin/departments/floor", parent_id=str(place.office.id)).status_code == 302
    assert [one.slug for _depth, one in queries.tree(queries.departments())] == ["building", "office", "floor", "room"]


def test_new_head_signs_in_anew(desk, place, save):
    elsewhere = people.sign_in(desk.test_client(), place.aigul)
    save("/admin/departments/office", head="aigul@jardam.example")
    assert elsewhere.get("/profile").status_code == 302


def test_head_nobody_knows_is_named(place, save):
    answer = save("/admin/departments/office", head="ghost@jardam.example")
    assert answer.status_code == 400
    assert "ghost@jardam.example" in answer.text


def test_head_may_be_taken_out(place, save):
    place.office.head_id = place.aigul.id
    db.session.commit()
    assert save("/admin/departments/office", head="").status_code == 302
    db.session.refresh(place.office)
    assert place.office.head_id is None
