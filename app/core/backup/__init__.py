"""Back-up and restore while the desk runs, in a form that belongs to no database engine.

A back-up is a folder: one JSON-lines file per table out of one snapshot, the attached files, the keys, and a
manifest with their hashes. It restores onto SQLite and PostgreSQL alike, also by a newer version of the desk.
"""


class Refused(Exception):
    """Nothing was changed; the message says why and what to do."""
