"""What a desk reached over https gives a browser to keep never travels without it."""

import pytest
from flask import session

from app import create_app

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("address", "is_secure"), [("https://desk.example", True), ("http://127.0.0.1:8000", False)])
def test_cookies_travel_by_https_alone_where_the_desk_has_it(tmp_path, address, is_secure):
    served = create_app({"JARDAM_INSTANCE": str(tmp_path), "JARDAM_BASE_URL": address})
    with served.test_request_context(base_url=address):
        session["any"] = "word"
        answer = served.make_response("")
        served.session_interface.save_session(served, session._get_current_object(), answer)
    said = answer.headers["Set-Cookie"]
    assert ("Secure" in said) is is_secure and "HttpOnly" in said and "SameSite=Lax" in said
