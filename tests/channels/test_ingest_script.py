"""bin/ingest, as a mail server calls it: what is not surely refused is to be tried again."""

import subprocess
from pathlib import Path

import pytest

INGEST = Path(__file__).resolve().parents[2] / "bin" / "ingest"


@pytest.mark.real
def test_a_wrong_setting_loses_no_mail(own_desk):
    own_desk.settings["JARDAM_NO_SUCH"] = "setting"
    assert handed_over(own_desk) == 75


@pytest.mark.real
def test_taken_and_refused(own_desk):
    assert handed_over(own_desk) == 0
    assert handed_over(own_desk, "--mailbox", "nobody@jardam.example") == 64


def handed_over(desk, *arguments):
    return subprocess.run([str(INGEST), *arguments], env=desk.environ, input=b"Subject: x\n\nHello\n",
                          capture_output=True).returncode
