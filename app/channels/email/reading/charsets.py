"""Bytes to text, whatever they are said to be. What is declared is believed as long as it fits."""

import codecs
import re

from app.core.markup import storable

_NAMED = re.compile(r"[\w.:+\-]{1,40}", re.ASCII)
_WIDER = {
    "ascii": "utf-8", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "euc_kr": "cp949", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "iso2022_jp": "iso2022_jp_ext", "big5": "big5hkscs", "utf-8-sig": "utf-8",
}
"""What people mean by a name: the larger set that their program wrote."""
_OTHERWISE = {
    "windows1251": "cp1251", "win-1251": "cp1251", "win1251": "cp1251", "cp-1251": "cp1251", "x-cp1251": "cp1251",
    "windows1252": "cp1252", "x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp",
    "x-mac-cyrillic": "mac_cyrillic", "unicode-1-1-utf-7": "utf-7", "utf-8mb4": "utf-8", "utf8mb4": "utf-8",
    "iso-8859-8-i": "iso8859-8", "koi8": "koi8-r",
    "ks_c_5601-1987": "cp949", "x-big5": "big5hkscs", "iso-10646-ucs-2": "utf-16", "dos-866": "cp866",
}
_TEXT = re.compile(r"cp\d{3,5}|iso8859-\d+|koi8-[rut]|mac[-_]\w+|utf-(?:7|8|16|32)(?:-[bl]e)?|iso2022_\w+|euc_\w+"
                   r"|gb18030|hz|big5hkscs|johab|shift_\w+|tis-620|kz1048|ptcp154|hp-roman8")
"""Codecs of Python that are charsets of mail; others turn text into something else, or take their time."""
_WIDE = re.compile(r"utf-(?:7|16|32)|iso2022|hz|cp(?:037|273|424|500|875|1026|1140)")
_SINGLE = re.compile(r"cp(?:125\d|8\d\d)|iso8859|koi8|mac|kz1048|ptcp154")
_HIGH = re.compile(rb"[\x80-\xff]+")
_BESIDE_LATIN = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_FEW = 12
"""With fewer letters that are not English statistics know nothing."""
_LOOKED_AT = 4_000
LATIN = ["windows-1252", "windows-1254", "windows-1250"]
LIKELY = ["windows-1251", "koi8-r", "cp866", "iso-8859-5", "windows-1252", "windows-1254", "gb18030", "big5hkscs",
          "cp932", "euc-jp", "cp949"]


def decode(raw: bytes, declared: str, hint: str = "") -> str:
    """The text of these bytes. `hint` is a charset that the same mail names elsewhere."""
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return storable(raw[len(bom):].decode(name, "replace"))
    name = codec(declared)
    if name and _WIDE.match(name):
        return _plain(raw, name)
    if raw.isascii() and b"\x1b" not in raw:
        return storable(raw.decode("ascii"))
    return storable(_believed(raw, name) or guess(raw, hint))


def _plain(raw: bytes, name: str) -> str:
    try:
        return storable(raw.decode(name, "replace"))
    except UnicodeError:
        return storable(raw.decode("latin-1"))


def _believed(raw: bytes, name: str) -> str:
    """The text in the charset that is declared; '' where the bytes speak against it."""
    if not name or _SINGLE.match(name) and _is_utf8(raw):
        return ""
    text = raw.decode(name, "replace")
    return text if _fits(text, raw) else ""


def _is_utf8(raw: bytes) -> bool:
    """Letters of two bytes that all fit are no accident once there are a few."""
    try:
        return len(raw) - len(raw.decode("utf-8")) >= 3
    except UnicodeDecodeError:
        return False


def _fits(text: str, raw: bytes) -> bool:
    """Whether at most the odd letter is broken: one that was cut at the end, or a dot in a thousand."""
    broken = text.count("\ufffd")
    high = len(raw) - len(raw.translate(None, bytes(range(128, 256))))
    return broken == 0 or broken <= high // 20 + (high > 4)


def codec(declared: str) -> str:
    """Python's name for a charset of mail, '' for none."""
    name = declared.strip().strip("\"'").lower()
    name = _OTHERWISE.get(name, name)
    if not _NAMED.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    found = _WIDER.get(found, found)
    return found if _TEXT.fullmatch(found) else ""


def guess(raw: bytes, hint: str = "") -> str:
    """The likeliest text: UTF-8 where it fits, then what the mail names elsewhere, then what people here write."""
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return raw.decode("iso2022_jp_ext", "replace")
    for name in ("utf-8", codec(hint)):
        if name and _fits(text := raw.decode(name, "replace"), raw):
            return text
    return raw.decode(_likeliest(raw), "replace")


def _likeliest(raw: bytes) -> str:
    is_latin = _looks_latin(raw)
    if sum(map(len, _HIGH.findall(raw[:_LOOKED_AT]))) < _FEW:
        return "cp1252" if is_latin else "cp1251"
    import chardet  # Some megabytes of statistics that few mails need.

    found = chardet.detect(raw[:_LOOKED_AT], include_encodings=LATIN if is_latin else LIKELY,
                           no_match_encoding="windows-1252" if is_latin else "windows-1251")
    return codec(found["encoding"] or "") or "cp1251"


def _looks_latin(raw: bytes) -> bool:
    """Letters with marks stand among English ones; Cyrillic words are all their own."""
    return len(_BESIDE_LATIN.findall(raw[:_LOOKED_AT])) > len(_HIGH.findall(raw[:_LOOKED_AT])) / 2
