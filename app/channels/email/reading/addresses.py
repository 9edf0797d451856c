"""The people in a header. Only addresses that mail can be sent to are taken; a name never turns into one."""

import re
from email.headerregistry import HeaderRegistry
from email.utils import getaddresses

from email_validator import EmailNotValidError, validate_email

from app.channels.email.mail import Address
from app.core.markup import clean_line

from . import limits, words
from .headers import Headers

_NAME = 200
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"[^\s<>,;:()\"@]{1,64}@[^\s<>,;:()\"@]{1,254}")
_registry = HeaderRegistry()


def people(values: list[str]) -> list[Address]:
    """Everybody whom these values of a header name, each once, at most a hundred."""
    found: dict[str, Address] = {}
    room = limits.ADDRESS_BYTES
    for value in values:
        value, room = value[:room], max(0, room - len(value))
        for name, written in _parsed(words.quoted(value)):
            if len(found) < limits.ADDRESSES and (email := valid(written)):
                found.setdefault(email, Address(email, clean_line(name)[:_NAME]))
    return list(found.values())


def sender(headers: Headers, defects: list[str]) -> Address | None:
    """Who wrote: the one address of From. Where it names several, in whatever way, nobody knows who did."""
    values = headers.all("from")
    found = people(values)
    if len(found) == 1 and all(valid(one) == found[0].email for value in values for one in _addresses_in(value)):
        return found[0]
    defects.append("several addresses in From" if found else "no address in From")
    return None


def _addresses_in(value: str) -> list[str]:
    """All that looks like one outside quotes and comments: programs differ in which of them they take."""
    return _ADDRESS.findall(_COMMENT.sub(" ", _QUOTED.sub(" ", words.quoted(value[: limits.ADDRESS_BYTES]))))


def valid(written: str) -> str:
    """An address as the desk keeps it (lower case, domains in their own letters); '' for what is none."""
    if not 3 <= len(written) <= 254:
        return ""
    try:
        found = validate_email(written, check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError):
        return ""
    return found.normalized.lower()


def _parsed(value: str) -> list[tuple[str, str]]:
    """Names and addresses, by the library's strict reader; by its older one where that one trips over a header."""
    try:
        header = _registry("to", value)
        return [(one.display_name, f"{one.username}@{one.domain}") for one in header.addresses if one.domain]
    except Exception:  # IndexError, AttributeError, RecursionError: whatever it did not expect.
        return _crudely(value)


def _crudely(value: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([value])
    except Exception:  # The same.
        return []
