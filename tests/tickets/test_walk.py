"""The whole length in the browser's eyes: file, queue, take, reply, answer, escalate, hand back, resolve."""

from app.core.db import db
from app.core.events import events_of
from app.tickets.models import Ticket


def post(client, url, **form):
    return client.post(url, data=form)


def only_ticket() -> Ticket:
    db.session.expire_all()
    return db.session.scalars(db.select(Ticket)).one()


def test_a_request_goes_all_the_way(small, client, browser_of):
    aigul, agent, expert = browser_of(small.aigul), browser_of(small.agent), browser_of(small.expert)
    assert aigul.get("/tickets/new").status_code == 200
    assert "What do you need?" in aigul.get("/tickets/new/printer").text
    filed = post(aigul, "/tickets", request_type="printer", subject="No paper", body="The printer is **empty**")
    ticket = only_ticket()
    here = f"/tickets/{ticket.number}"
    assert (filed.status_code, filed.location) == (303, here)
    assert "<strong>empty</strong>" in aigul.get(here).text
    assert "No paper" in agent.get("/queues/service-desk").text
    assert post(agent, f"{here}/assignment").status_code == 303
    assert "No paper" in agent.get("/queues/mine").text
    assert post(agent, f"{here}/replies", body="Which one?", then="wait", reason="requester").status_code == 303
    assert only_ticket().status == "pending"
    assert post(aigul, f"{here}/answers", body="The blue one").status_code == 303
    assert only_ticket().status == "open"
    assert "blue one" in agent.get(here).text
    assert "Network" in agent.get(f"{here}/escalation").text
    assert post(agent, f"{here}/escalation", team=small.second.id, reason="Cable").status_code == 303
    assert "No paper" in agent.get("/queues/escalated").text
    assert post(expert, f"{here}/return", reason="Which socket?").status_code == 303
    assert post(agent, f"{here}/escalation", team=small.second.id, reason="Socket 4").status_code == 303
    assert post(expert, f"{here}/replies", body="Done", then="resolve").status_code == 303
    assert "Solved" in aigul.get(here).text
    assert post(aigul, f"{here}/reopening").status_code == 303
    assert post(agent, f"{here}/resolution").status_code == 303
    kinds = [event.kind.removeprefix("ticket.") for event in events_of("ticket", only_ticket().id)]
    assert kinds == ["filed", "taken", "replied", "held", "answered", "resumed", "escalated", "handed_back",
                     "escalated", "replied", "resolved", "reopened", "resolved"]
    for url in (here, f"{here}/history", "/tickets", "/tickets?state=ended", "/queues", f"{here}/facts"):
        assert agent.get(url).status_code == 200, url
    assert aigul.get(f"{here}/history").status_code == 200
