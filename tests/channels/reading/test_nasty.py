"""What is understood of each mail of the collection."""

import json

import pytest

from app.channels.email.mail import Mail
from app.channels.email.reading import Ours
from app.channels.email.reading.reader import read

from .nasty import collection

pytestmark = pytest.mark.slow

OURS = Ours(frozenset({"desk@x.example"}), "hop.example", "mark")
SPECIAL = {
    "has": lambda mail: mail.text + "\n" + mail.folded,
    "loses": lambda mail: "\n".join(mail.losses),
    "html_has": lambda mail: mail.html,
    "html_lacks": lambda mail: mail.html,
}
VALUES = {
    "names": lambda mail: [part.name for part in mail.parts],
    "sizes": lambda mail: [part.size_bytes for part in mail.parts],
    "inline": lambda mail: [part.is_inline for part in mail.parts],
    "cids": lambda mail: [part.content_id for part in mail.parts],
    "count": lambda mail: len(mail.parts),
    "email": lambda mail: mail.sender and mail.sender.email,
    "shown": lambda mail: mail.sender.name,
    "emails": lambda mail: [one.email for one in mail.to],
    "reply": lambda mail: [one.email for one in mail.reply_to],
    "count_to": lambda mail: len(mail.to),
}


@pytest.mark.parametrize("name", collection())
def test_it_is_understood(name, tmp_path):
    mail = read(collection()[name].raw, tmp_path, OURS)
    for what, expected in collection()[name].expected.items():
        if what in SPECIAL:
            for piece in expected:
                assert (piece in SPECIAL[what](mail)) == (what != "html_lacks"), (what, SPECIAL[what](mail)[:300])
        else:
            assert VALUES.get(what, lambda mail, what=what: getattr(mail, what))(mail) == expected, what
    assert sound(mail)
    assert not [defect for defect in mail.defects if "Error" in defect]
    for part in mail.parts:
        assert (tmp_path / part.path).stat().st_size == part.size_bytes


def sound(mail: Mail) -> bool:
    """It gets to another process whole, and fits into both databases."""
    written = json.dumps(mail.as_json(), ensure_ascii=False)
    written.encode()
    assert "\\u0000" not in written
    return Mail.from_json(json.loads(written)) == mail


def test_there_are_enough_of_them():
    assert len(collection()) >= 120
