"""One process that sweeps until nothing is due: `python -m tests.experiments.sweeper`."""

from app import create_app
from app.core import clock
from app.core.db import db
from app.sla.sweep import sweep

if __name__ == "__main__":
    with create_app().app_context():
        print("ready", flush=True)
        while sweep(clock.now()):
            pass
        db.session.remove()
