"""Who a mail is from, as far as the server that we trust has checked it (Authentication-Results, RFC 8601).

Anybody can write such a field into a mail. Ours stands above what came with the mail, so only the topmost field with
the trusted name counts, and such as stand with it above every Received. All others are nobody's.
"""

import re
from typing import NamedTuple

from app.channels.email.mail import Address, Mail

from .headers import Headers

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_OUTSIDE = re.compile(rf'{_QUOTED}|[()]|[^"()]+', re.S)
_INSIDE = re.compile(r"\\.|[()]|[^\\()]+", re.S)
_PIECE = re.compile(rf'(?:{_QUOTED}|[^";])+', re.S)
_SERVER = re.compile(rf'\s*({_QUOTED}|[^\s;="()]+)')
_VERSION = re.compile(r"\s*\d*\s*")
_CHECK = re.compile(r"\s*([\w\-]+)(?:\s*/\s*\d+)?\s*=\s*([\w\-]+)(?=\s|$)", re.ASCII)
_PROPERTY = re.compile(rf'\s+(?:([\w.\-]+)\s*=\s*({_QUOTED}|[^\s"]+)|\S+)')
_METHODS = ("dmarc", "dkim", "spf")
_DOMAINS = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.mail")}
UNALIGNED = "unaligned"
"""The check was passed, but for another domain than the one in From: it says nothing about who wrote."""


class Verdict(NamedTuple):
    """What one check came to, and what it says it looked at: `header.d` -> `desk.example`."""

    method: str
    result: str
    about: dict[str, str]


def proven(mail: Mail) -> str:
    """'proven' that the mail is of the domain in its From, 'failed', or '' where nobody can tell."""
    said = mail.proof.get("dmarc", "")
    if said in ("pass", "fail"):
        return "proven" if said == "pass" else "failed"
    return "proven" if "pass" in (mail.proof.get("dkim"), mail.proof.get("spf")) else ""


def proof(headers: Headers, sender: Address | None, trusted_hop: str) -> dict[str, str]:
    """Method -> result; a check that was passed for somebody else is `unaligned`."""
    if sender is None or not trusted_hop.strip():
        return {}
    domain = _ascii(sender.email.rpartition("@")[2])
    found: dict[str, list[str]] = {}
    for verdict in _trusted(headers, trusted_hop.strip().lower()):
        found.setdefault(verdict.method, []).append(_result(verdict, domain))
    return {method: _summed(method, results) for method, results in found.items()}


def _trusted(headers: Headers, hop: str) -> list[Verdict]:
    found: list[Verdict] = []
    is_above, is_found = "received" in headers, False
    for name, value in headers.fields:
        if name == "received":
            if is_found:
                break
            is_above = False
        elif name == "authentication-results":
            server, verdicts = read(value.decode("utf-8", "replace"))
            if server == hop:
                is_found = True
                found += verdicts
                if not is_above:
                    break
    return found


def read(value: str) -> tuple[str, list[Verdict]]:
    """The server's name (lower case) and its verdicts; none of them where the rest does not keep to the grammar."""
    plain = _without_comments(value)
    named = _SERVER.match(value if plain is None else plain)
    if not named:
        return "", []
    server = _unquoted(named.group(1)).lower()
    if plain is None:
        return server, []
    version, *checks = _PIECE.findall(" " + plain[named.end():])
    if not _VERSION.fullmatch(version):
        return "", []
    return server, [verdict for check in checks if (verdict := _verdict(check))]


def _without_comments(value: str) -> str | None:
    """The field with a space for each comment; None where brackets or quotes do not match."""
    kept, depth, position = [], 0, 0
    while position < len(value):
        match = (_INSIDE if depth else _OUTSIDE).match(value, position)
        if match is None:
            return None
        piece, position = match.group(), match.end()
        if piece in ("(", ")"):
            depth += 1 if piece == "(" else -1
            kept.append(" ")
        elif not depth:
            kept.append(piece)
        if depth < 0:
            return None
    return None if depth else "".join(kept)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _verdict(check: str) -> Verdict | None:
    said = _CHECK.match(check)
    if said is None or said.group(1).lower() not in _METHODS:
        return None
    about: dict[str, str] = {}
    for name, value in _PROPERTY.findall(check, said.end()):
        name, value = name.lower(), _unquoted(value)
        # Named twice and differently, it is nobody's.
        about[name] = value if about.get(name, value) == value else ""
    return Verdict(said.group(1).lower(), said.group(2).lower(), about)


def _result(verdict: Verdict, domain: str) -> str:
    if verdict.result != "pass":
        return verdict.result
    named = next((verdict.about[name] for name in _DOMAINS[verdict.method] if name in verdict.about), "")
    return "pass" if _is_aligned(_ascii(named.rpartition("@")[2].strip(" <>")), domain) else UNALIGNED


def _is_aligned(checked: str, domain: str) -> bool:
    """The same domain, or one inside the other (RFC 7489, relaxed); never a whole top-level domain."""
    shorter, longer = sorted((checked, domain), key=len)
    return "." in shorter and (shorter == longer or longer.endswith("." + shorter))


def _ascii(domain: str) -> str:
    try:
        return domain.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return domain.lower()


def _summed(method: str, results: list[str]) -> str:
    """One signature that holds is enough; of DMARC there is one verdict, and where two differ the worse one counts."""
    if method == "dmarc":
        return "fail" if "fail" in results else next((one for one in results if one != "pass"), "pass")
    return "pass" if "pass" in results else results[0]
