"""How many mails a reader understands in a second, and in how much memory; beside the library's own parser, which only
takes a mail apart, as the floor."""

import random
import resource
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path

from app.channels.email.reading import Ours
from app.channels.email.understanding import NotUnderstood, Understander
from tests.channels.reading.nasty import CYRILLIC, HTML, PDF, PLAIN, b64, collection, mail, multipart, part, whole

MAILS = 2000
LEAST_PER_SECOND = 100
MOST_MB = 200
OURS = Ours(frozenset({"desk@x.example"}), "hop.example", "mark")


def main(sizes: list[int]) -> int:
    """1 when it is slower, or takes more, than a desk can bear."""
    count = sizes[0] if sizes else MAILS
    with tempfile.TemporaryDirectory() as folder:
        paths = _written(Path(folder), count)
        kilobytes = sum(path.stat().st_size for path in paths) // count // 1024
        before, began = _children_seconds(), time.perf_counter()
        idle, peak, refused = _read(paths, Path(folder))
        per_second = count / (_children_seconds() - before)
        by_the_clock = count / (time.perf_counter() - began)
        floor = _floor(paths)
    print(
        f"{count} mails of {kilobytes} kB on average, {refused} refused: {per_second:.0f} a second of the processor, "
        f"{by_the_clock:.0f} by the clock"
    )
    print(
        f"the library alone takes apart {floor:.0f} a second of the processor: {floor / per_second:.1f} times as many"
    )
    print(f"memory of the reader: {idle} MB idle, {peak} MB at most")
    return int(per_second < LEAST_PER_SECOND or peak - idle > MOST_MB or refused > 0)


def _mixed(count: int) -> list[bytes]:
    """Three of five as people write them, every fifth with a file, the rest nasty."""
    chance = random.Random(5)
    nasty = [one.raw for one in collection().values() if len(one.raw) < 200_000]
    made = [_answer(chance), _answer(chance), _short(chance), _with_files(chance)]
    return [chance.choice([*made, chance.choice(nasty)]) for _mail in range(count)]


def _answer(chance: random.Random) -> bytes:
    """Words and their HTML, with what they answer below."""
    words = " ".join(chance.choices(CYRILLIC.split(), k=120))
    quoted = "\n".join(f"> {words[:70]}" for _line in range(40))
    text = f"{words}\n\nOn Mon, 1 Jun 2026 at 10:00, Desk <desk@x.example> wrote:\n{quoted}\n"
    html = (
        f"<div dir='ltr'>{words}</div><div class='gmail_quote'><blockquote><p>{words[:70]}</p></blockquote></div>" * 3
    )
    parts = (
        part("Content-Type: text/plain; charset=utf-8|Content-Transfer-Encoding: base64", b64(text.encode())),
        part("Content-Type: text/html; charset=utf-8|Content-Transfer-Encoding: base64", b64(html.encode())),
    )
    return whole(
        multipart(*parts, kind="alternative"),
        "To: Desk <desk@x.example>",
        "Subject: =?utf-8?B?0J/RgNC40L3RgtC10YA=?=",
        "Message-ID: <1@client.example>",
        "Date: Mon, 1 Jun 2026 10:00:00 +0600",
        "References: <1@x> <2@x> <3@x>",
        "Authentication-Results: hop.example; dkim=pass header.d=client.example; dmarc=pass header.from=client.example",
        *[f"Received: from a by b{hop} with ESMTPS id {hop}; Mon, 1 Jun 2026 10:00:00 +0600" for hop in range(6)],
    )


def _short(chance: random.Random) -> bytes:
    return mail(
        "Subject: Help",
        "To: desk@x.example",
        "Content-Type: text/plain; charset=koi8-r",
        body=CYRILLIC.encode("koi8-r"),
    )


def _with_files(chance: random.Random) -> bytes:
    picture = part(
        "Content-Type: image/jpeg; name=a.jpg|Content-Transfer-Encoding: base64|Content-Disposition: attachment",
        b64(chance.randbytes(150_000)),
    )
    return whole(multipart(PLAIN, HTML, PDF, picture), "Subject: Files", "To: desk@x.example")


def _written(folder: Path, count: int) -> list[Path]:
    paths = []
    for number, raw in enumerate(_mixed(count)):
        paths.append(folder / f"{number}.eml")
        paths[-1].write_bytes(raw)
    return paths


def _children_seconds() -> float:
    """What readers have cost so far, their start included: a machine that is busy with others says nothing about it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read(paths: list[Path], folder: Path) -> tuple[int, int, int]:
    """Memory of the reader at its first mail and at most; how many it refused."""
    idle, peak, refused = 0, 0, 0
    with Understander() as understander:
        for number, path in enumerate(paths):
            scratch = folder / f"{number}"
            scratch.mkdir()
            try:
                understander.understand(path, scratch, OURS)
            except NotUnderstood:
                refused += 1
            idle = idle or _peak_mb(understander)
            peak = max(peak, _peak_mb(understander))
    return idle, peak, refused


def _peak_mb(understander: Understander) -> int:
    """What the reader had in memory at most; 0 while there is none."""
    if understander._reader is None:
        return 0
    lines = Path(f"/proc/{understander._reader.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def _floor(paths: list[Path]) -> float:
    began = time.process_time()
    for path in paths:
        try:
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            [part.get_payload(decode=True) for part in message.walk()]
            [message[name] for name in ("subject", "from", "to")]
        except Exception:  # noqa: BLE001 - it trips over some; that is why it is only the floor
            continue
    return len(paths) / (time.process_time() - began)
