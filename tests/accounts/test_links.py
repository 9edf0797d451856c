"""Links of one use: invitations and forgotten passwords."""

import re
from datetime import timedelta

import sqlalchemy as sa

from app.accounts import links, sign_in
from app.accounts.models import LinkToken
from app.core import clock, outbox
from app.core.db import db
from app.core.events import Event, events_of
from app.core.outbox import OutboxRow
from app.core.relay import relay
from tests import people

NEW = "a longer new password"


def made(user, purpose="reset", at=None):
    """The path of a fresh link."""
    url = links.make(user, purpose, at or clock.now())
    db.session.commit()
    return url.removeprefix("http://127.0.0.1:8000")


def use(client, path, password=NEW):
    return client.post(path, data={"password": password, "again": password})


def test_link_sets_a_password_once(client, aigul):
    path = made(aigul)
    assert client.get(path).status_code == 200
    assert use(client, path).location == "/session"
    assert sign_in.is_right(NEW, aigul.password_hash)
    assert client.get(path).status_code == 404
    assert use(client, path, "yet another password").status_code == 404


def test_looking_does_not_use_the_link_up(client, aigul):
    path = made(aigul)
    client.get(path)
    client.head(path)
    assert use(client, path).status_code == 302


def test_refused_password_does_not_use_the_link_up(client, aigul):
    path = made(aigul)
    assert use(client, path, "short").status_code == 400
    assert use(client, path).status_code == 302


def test_reset_lives_an_hour_and_invitation_three_days(client, aigul):
    now = clock.now()
    assert client.get(made(aigul, at=now - timedelta(minutes=61))).status_code == 404
    assert client.get(made(aigul, "invitation", now - timedelta(hours=71))).status_code == 200
    assert client.get(made(aigul, "invitation", now - timedelta(hours=73))).status_code == 404


def test_newer_link_voids_the_older_of_its_purpose(client, aigul):
    older, invitation, newer = made(aigul), made(aigul, "invitation"), made(aigul)
    assert [client.get(path).status_code for path in (older, invitation, newer)] == [404, 200, 200]


def test_setting_a_password_voids_every_other_link(client, aigul):
    invitation, reset = made(aigul, "invitation"), made(aigul)
    use(client, reset)
    assert client.get(invitation).status_code == 404


def test_setting_a_password_signs_out_everywhere(client, desk, aigul):
    elsewhere = people.sign_in(desk.test_client(), aigul)
    use(client, made(aigul))
    assert elsewhere.get("/profile").status_code == 302


def test_link_of_a_switched_off_account_is_void(client, aigul):
    path = made(aigul)
    aigul.is_active = False
    assert client.get(path).status_code == 404


def test_made_up_tokens_lead_nowhere(client, aigul):
    made(aigul)
    stored = db.session.scalar(sa.select(LinkToken.token_hash))
    for token in ("x", stored, "%00", "a" * 5000):
        assert client.get(f"/password/{token}").status_code == 404


def test_token_stands_hashed_in_its_row_and_nowhere_else(client, aigul):
    token = made(aigul).rpartition("/")[2]
    use(client, f"/password/{token}")
    kept = db.session.scalars(sa.select(LinkToken.token_hash)).all()
    kept += [str(event.data) for event in db.session.scalars(sa.select(Event))]
    kept += [str(row.payload) for row in db.session.scalars(sa.select(OutboxRow))]
    assert all(token not in text for text in kept)


def test_page_of_a_link_keeps_its_address_to_itself(client, aigul):
    assert client.get(made(aigul)).headers["Referrer-Policy"] == "strict-origin"


def test_host_header_never_shapes_a_link(desk, aigul):
    with desk.test_request_context(headers={"Host": "evil.example"}):
        assert links.make(aigul, "reset", clock.now()).startswith("http://127.0.0.1:8000/password/")


def forgotten(client, email):
    return client.post("/password/forgotten", data={"email": email})


def drained():
    db.session.commit()
    outbox.drain(clock.now() + timedelta(seconds=1), "test")


def test_forgotten_password_answers_the_same_for_everybody(client, aigul):
    relay.change(host="mail.jardam.example", sender="desk@jardam.example")
    known, unknown = forgotten(client, aigul.email), forgotten(client, "nobody@jardam.example")
    assert known.status_code == unknown.status_code == 200
    plain = [re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text) for answer in (known, unknown)]
    assert plain[0] == plain[1]


def test_only_after_the_answer_it_is_asked_who_that_is(client, aigul):
    forgotten(client, "AIGUL@jardam.example")
    forgotten(client, "nobody@jardam.example")
    aigul_id = aigul.id
    assert events_of("user", aigul_id) == []
    drained()
    assert [event.kind for event in events_of("user", aigul_id)] == ["user.reset_asked"]


def test_asking_again_and_again_is_braked_for_known_and_unknown(client, aigul):
    for email in (aigul.email, "nobody@jardam.example"):
        codes = [forgotten(client, email).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]


def test_without_a_relay_the_page_says_whom_to_ask(client, aigul):
    assert "Ask your administrator" in client.get("/password/forgotten").text
