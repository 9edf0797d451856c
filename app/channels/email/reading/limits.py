"""How much of one mail is understood. What is beyond stays in the raw mail, and the ticket says so."""

RAW_BYTES = 25 * 1024 * 1024
PARTS = 100
DEPTH = 20
FILES = 50
TEXT_BYTES = 2 * 1024 * 1024
"""Of plain text, and as much again of HTML."""
FIELDS = 1000
SAME_FIELDS = 10
FIELD_BYTES = 64 * 1024
PARAMETER_BYTES = 8 * 1024
"""Of a Content-Type or Content-Disposition: the library takes them apart in quadratic time."""
ADDRESS_BYTES = 16 * 1024
ADDRESSES = 100
REFERENCES = 100
LINE = 500
"""Letters of a subject, an id, or what a server said."""
