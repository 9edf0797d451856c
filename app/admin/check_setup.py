"""Check my setup: what the rooms find contradictory in the settings, each with the page on which it is mended."""

from datetime import datetime

from flask import render_template

from app.core import clock
from app.core.access import asks
from app.core.findings import GRAVE, Finding
from app.core.registries import SETUP_CHECKS

from . import bp


@bp.get("/admin/check")
@asks("desk.administer")
def setup_check():
    """Looked at anew each time it is opened."""
    now = clock.now()
    findings = found(now)
    return render_template("admin/check.html", groups=_by_subject(findings), checked_at=now, **sums(findings))


def found(now: datetime) -> list[Finding]:
    """What every room finds contradictory at this moment (UTC): some twenty queries, of any size of desk."""
    return [finding for check in SETUP_CHECKS for finding in check(now)]


def sums(findings: list[Finding]) -> dict[str, int]:
    """How many of them are grave, and how many are only to be thought about."""
    grave = sum(finding.weight == GRAVE for finding in findings)
    return {"grave": grave, "doubtful": len(findings) - grave}


def _by_subject(findings: list[Finding]) -> dict[str, list[Finding]]:
    """In the order of the rooms; of each subject what is grave first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: each.weight != GRAVE):
        groups.setdefault(str(finding.about), []).append(finding)
    return groups
