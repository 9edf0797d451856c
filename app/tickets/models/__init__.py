"""The ticket and what hangs on it."""

from .message import Attachment, Message
from .passed import AbsenceTicket
from .related import PendingReason, Tag, TicketAccess, TicketArticle, TicketLink, Watch
from .spells import Handover, Hold, Resolution
from .text import TicketText
from .ticket import FAR_FUTURE, Ticket, place_in_queue

__all__ = ["FAR_FUTURE", "AbsenceTicket", "Attachment", "Handover", "Hold", "Message", "PendingReason", "Resolution",
           "Tag", "Ticket", "TicketAccess", "TicketArticle", "TicketLink", "TicketText", "Watch", "place_in_queue"]
