"""How mail that comes in is treated on this desk."""

from app.core.settings import Settings

UNKNOWN_SENDERS = ("hold", "accept")

mail = Settings("mail", unknown_senders="hold", acknowledge=True, request_type="")
"""`unknown_senders`: what nobody here has written waits for an agent's word, or makes a customer of its sender.
`request_type` is the slug of what new requests are filed under; '' for the first on offer. A mailbox may name another.
"""
