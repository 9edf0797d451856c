"""The process in which mails are read: its limits, its ends, and that the next mail gets a new one."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.channels.email import understanding
from app.channels.email.reading import Ours, limits
from app.channels.email.understanding import NotUnderstood, Understander

pytestmark = pytest.mark.real
PLAIN = b"From: a@client.example\nSubject: Hi\n\nHello"
OURS = Ours(frozenset({"desk@x.example"}), "hop.example", "mark")


@pytest.fixture
def understander():
    with Understander() as made:
        yield made


@pytest.fixture
def raw(tmp_path):
    path = tmp_path / "a mail"
    path.write_bytes(PLAIN)
    return path


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "файлы"
    folder.mkdir()
    return folder


def ask(understander, raw, scratch, written=None):
    if written is not None:
        raw.write_bytes(written)
    return understander.understand(raw, scratch, OURS)


def reader_that(program):
    """A program in place of the reader."""
    return lambda: subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def stand_in(understander, program):
    understander._reader = reader_that(program)()


def test_a_mail_is_understood(understander, raw, scratch):
    mail = ask(understander, raw, scratch)
    assert (mail.sender.email, mail.subject, mail.text) == ("a@client.example", "Hi", "Hello")


def test_one_reader_reads_one_mail_after_another(understander, raw, scratch):
    ask(understander, raw, scratch)
    first = understander._reader.pid
    ask(understander, raw, scratch)
    assert understander._reader.pid == first


def test_what_is_ours_reaches_the_reader(understander, raw, scratch):
    assert ask(understander, raw, scratch, b"X-Jardam-Loop: mark\n" + PLAIN).automatic == "own_loop"
    passed = b"Authentication-Results: hop.example; dmarc=pass header.from=client.example\n"
    assert understanding.proven(ask(understander, raw, scratch, passed + PLAIN)) == "proven"


def test_files_lie_in_the_folder(understander, raw, scratch):
    [part] = ask(understander, raw, scratch, b"Content-Type: image/png; name=\xd1\x8f.png\n" + PLAIN).parts
    assert (part.name, Path(part.path).parent, Path(part.path).read_bytes()) == ("я.png", scratch, b"Hello")


def test_it_starts_in_a_moment(raw, scratch):
    """By the time of the processor: a machine that is busy with others says nothing about it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Understander() as understander:
        ask(understander, raw, scratch)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_it_knows_nothing_of_the_desk():
    program = (
        f"import runpy, sys; child = runpy.run_path({str(understanding.READER)!r}); child['_lay_bare'](); "
        "import app.channels.email.reading.reader; "
        "print([name for name in ('flask', 'sqlalchemy', 'chardet', 'babel') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_mail_that_is_too_large_is_not_even_read(understander, raw, scratch):
    with open(raw, "wb") as file:
        file.truncate(limits.RAW_BYTES + 1)
    with pytest.raises(NotUnderstood, match="too_large"):
        ask(understander, raw, scratch)
    assert understander._reader is None


def test_the_largest_is_understood(understander, raw, scratch):
    head = b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n" + PLAIN[:-5]
    written = head + b"A" * (limits.RAW_BYTES - len(head))
    [part] = ask(understander, raw, scratch, written).parts
    assert part.size_bytes == Path(part.path).stat().st_size == (limits.RAW_BYTES - len(head)) * 3 // 4


@pytest.mark.parametrize(
    "program, reason",
    [
        ("import time; time.sleep(60)", "too_slow"),
        ("while True: print('x' * 100_000, end='', flush=True)", "crashed"),
        ("import sys; sys.exit(3)", "crashed"),
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("input(); print('not json')", "crashed"),
        ("input(); print('{}')", "crashed"),
        ("input(); print('[]')", "crashed"),
        ('input(); print(\'{"mail": {"subject": 1}}\')', "crashed"),
        ('input(); print(\'{"error": "too_much_memory"}\')', "too_much_memory"),
        ("input(); import sys; sys.stdout.buffer.write(bytes(range(256)) + b'\\n')", "crashed"),
    ],
    ids=[
        "sleeps",
        "never ends",
        "leaves",
        "segfault",
        "garbage",
        "no answer",
        "a list",
        "half a mail",
        "memory",
        "noise",
    ],
)
def test_a_reader_that_fails_costs_only_its_mail(program, reason, understander, raw, scratch, monkeypatch):
    monkeypatch.setattr(understanding, "SECONDS", 2.0)
    monkeypatch.setattr(understanding, "_ANSWER_BYTES", 1_000_000)
    stand_in(understander, program)
    failing = understander._reader
    failing.poll = lambda: None  # As if it fell while it read.
    with pytest.raises(NotUnderstood) as refused:
        ask(understander, raw, scratch)
    assert refused.value.reason == reason
    assert failing.returncode is not None
    monkeypatch.undo()
    assert ask(understander, raw, scratch).text == "Hello"


def test_a_reader_that_was_killed_between_two_mails_is_replaced(understander, raw, scratch):
    ask(understander, raw, scratch)
    killed = understander._reader
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert ask(understander, raw, scratch).text == "Hello"
    assert understander._reader.pid != killed.pid


def test_a_reader_that_is_gone_before_it_was_asked_costs_nothing(understander, raw, scratch):
    stand_in(understander, "pass")
    understander._reader.wait()
    understander._reader.poll = lambda: None
    assert ask(understander, raw, scratch).text == "Hello"


def test_memory_is_bounded(understander, raw, scratch):
    """Of the reader itself: it is asked for more than it may have."""
    program = (
        f"import runpy, sys; child = runpy.run_path({str(understanding.READER)!r})\n"
        "child['_lay_bare'](); child['_bound']()\n"
        "sys.stdin.readline(); wrong = None\n"
        "try: bytearray(220 << 20)\n"
        "except MemoryError: wrong = True\n"
        'bytearray(150 << 20); print(\'{"error": "%s"}\' % wrong)'
    )
    stand_in(understander, program)
    with pytest.raises(NotUnderstood, match="True"):
        ask(understander, raw, scratch)


def test_after_a_large_mail_there_is_a_new_reader(understander, raw, scratch, monkeypatch):
    monkeypatch.setattr(understanding, "LARGE_BYTES", 10)
    ask(understander, raw, scratch)
    assert understander._reader is None


def test_now_and_then_there_is_a_new_reader(understander, raw, scratch, monkeypatch):
    monkeypatch.setattr(understanding, "MAILS_PER_READER", 2)
    seen = []
    for _mail in range(4):
        ask(understander, raw, scratch)
        seen.append(understander._reader and understander._reader.pid)
    assert seen[0] and seen[2] and seen[0] != seen[2]
    assert seen[1] is seen[3] is None


def test_a_file_that_is_not_there_is_the_callers_own(understander, tmp_path, scratch):
    with pytest.raises(FileNotFoundError):
        understander.understand(tmp_path / "nowhere", scratch, OURS)


def test_a_folder_that_is_not_there_is_said(understander, raw, tmp_path):
    with pytest.raises(NotUnderstood, match="crashed: FileNotFoundError"):
        ask(understander, raw, tmp_path / "nowhere", b"Content-Type: a/b; name=x\n" + PLAIN)
    assert understander._reader is None


@pytest.mark.parametrize("path", ["/etc/hostname", "{scratch}/../a mail", "{scratch}", "a mail"])
def test_files_elsewhere_are_not_taken(path, understander, raw, scratch):
    mail = ask(understander, raw, scratch).as_json()
    mail["parts"] = [{"path": path.format(scratch=scratch), "name": "x", "content_type": "a/b", "size_bytes": 1}]
    understander.close()
    stand_in(understander, f"input(); print({json.dumps({'mail': mail})!r})")
    with pytest.raises(NotUnderstood, match="elsewhere"):
        ask(understander, raw, scratch)


def test_threads_take_turns(understander, raw, scratch):
    found = []
    threads = [threading.Thread(target=lambda: found.append(ask(understander, raw, scratch).text)) for _one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Hello"] * 8


def test_closing_twice_is_harmless(raw, scratch):
    understander = Understander()
    understander.close()
    ask(understander, raw, scratch)
    reader = understander._reader
    understander.close()
    understander.close()
    assert reader.returncode is not None


def test_no_reader_outlives_the_desk(raw, scratch):
    program = (
        "import sys, time; from pathlib import Path; from app.channels.email.understanding import *\n"
        "one = Understander(); one.understand(Path(sys.argv[1]), Path(sys.argv[2]), Ours()); "
        "print(one._reader.pid, flush=True); time.sleep(60)"
    )
    desk = subprocess.Popen([sys.executable, "-c", program, raw, scratch], stdout=subprocess.PIPE)
    reader = int(desk.stdout.readline())
    desk.kill()
    desk.communicate()
    until = time.monotonic() + 5
    while is_alive(reader) and time.monotonic() < until:
        pass
    assert not is_alive(reader)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
