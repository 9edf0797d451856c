"""One process that delivers until nothing is due: `python -m tests.experiments.sender MINUTES`, that much ahead of the
clock, so that what a killed process had taken is free again."""

import os
import sys
from datetime import timedelta

from app import create_app
from app.core import clock, outbox
from app.core.db import db

if __name__ == "__main__":
    ahead = timedelta(minutes=int(sys.argv[1]))
    with create_app().app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        while outbox.drain(clock.now() + ahead, f"sender-{os.getpid()}", limit=10):
            pass
        db.session.remove()
