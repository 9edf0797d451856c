"""The ticket and what hangs on it."""

from .asked import Affected, KnownIssue, TypeWord
from .mailed import Mailed, Proposal, TicketCc
from .mention import Mention
from .message import Attachment, Message
from .outgoing import OutgoingReply, ReplyChecklistItem
from .passed import AbsenceTicket
from .rating import Rating
from .related import PendingReason, Tag, TicketAccess, TicketArticle, TicketLink, Watch
from .spells import Handover, Hold, Resolution
from .text import TicketText
from .ticket import FAR_FUTURE, Ticket, place_in_queue

__all__ = ["AbsenceTicket", "Affected", "Attachment", "FAR_FUTURE", "Handover", "Hold", "KnownIssue", "Mailed",
           "Mention", "Message", "OutgoingReply", "PendingReason", "Proposal", "Rating", "ReplyChecklistItem",
           "Resolution", "Tag", "Ticket", "TicketAccess", "TicketArticle", "TicketCc", "TicketLink", "TicketText",
           "TypeWord", "Watch", "place_in_queue"]
