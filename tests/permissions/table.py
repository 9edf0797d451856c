"""The table of rights on tickets: every route × everybody × planted tickets. The letters: identities.REASONS and NO.

Decided from the brief (section 3, "Department / team / role"), not from the code.
"""

from .grid import Group, rows

SEEN = """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        R      .      T      .      E     L      .       M       A
second          s        .        R      .      T      .      E     L      .       M       A
foreign         s        .        .      R      .      T      .     .      L       .       A
watched         s        .        .      W      T      F      .     L      .       M       A
own             s        .        .      .      R      .      .     L      .       M       A
ended           s        R        .      .      T      .      .     L      .       .       A
merged          s        .        .      R      T      .      .     L      .       .       A
quiet           s        .        R      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      N     .      .       .       .
"""
TICKETS = {ticket: {who: "." if letter == "s" else letter for who, letter in letters.items()}
           for ticket, letters in rows(SEEN).items()}
"""ticket -> person -> what the person is to it."""

READING = Group("Reading a ticket: whoever is anything to it.", """
tickets.ticket_show    200
tickets.history_show   200
tickets.presence_show  200
tickets.typing_create  204
tickets.ticket_print   200
sla.promise_show       200
tickets.watch_create   303
tickets.watch_remove   303
""", SEEN)

FILES = Group("A file has the rights of its message; what was merged is read by the staff of the other ticket too.", """
tickets.attachment_show  200
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-file          s        .        R      .      T      .      E     L      .       M       A
printer-replyfile     s        .        R      .      T      .      E     L      .       M       A
printer-notefile      s        .        .      .      T      .      E     L      .       .       A
merged-file           s        .        .      R      T      .      E     L      .       .       A
quiet-file            s        .        R      .      .      T      .     .      L       .       .
quiet-notefile        s        .        .      .      .      T      .     .      L       .       .
""")

STAFF = Group("Speaking as the staff and keeping order: those who read the notes.", """
tickets.reply_create        303
sla.clocks_show             200
tickets.note_create         303
tickets.lead_notice_new     200
tickets.lead_notice_create  303
tickets.tag_create          303
tickets.watcher_new         200
tickets.watcher_create      303
tickets.link_new            200
tickets.link_create         303 400
tickets.split_new           200
tickets.split_create        303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        x      .      T      .      E     L      .       x       A
foreign         s        .        .      x      .      T      .     .      L       .       A
watched         s        .        .      x      T      x      .     L      .       x       A
own             s        .        .      .      x      .      .     L      .       x       A
quiet           s        .        x      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      N     .      .       .       .
""")

WORKING = Group("Deciding what becomes of it: the team that has it, and the administrator.", """
tickets.assignment_new          200
tickets.assignment_create:give  303 400
tickets.facts_new               200
tickets.facts_create            303
tickets.facts_preview           200
sla.facts_promise               200
tickets.hold_new                200
tickets.hold_create             303
tickets.resumption_create       303
tickets.escalation_new          200
tickets.escalation_create       303
tickets.return_new              200
tickets.return_create           303 409
tickets.move_new                200
tickets.move_create             303
tickets.resolution_create       303
tickets.merge_new               200
tickets.merge_create            303 400
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        x      .      T      .      x     L      .       x       A
foreign         s        .        .      x      .      T      .     .      L       .       A
watched         s        .        .      x      T      x      .     L      .       x       A
own             s        .        .      .      x      .      .     L      .       x       A
quiet           s        .        x      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      x     .      .       .       .
""")

UNMERGING = Group("Taking a merge back: the team that has what was merged, and the administrator.", """
tickets.merge_remove  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
merged          s        .        .      x      T      .      .     L      .       .       A
""")

TAKING = Group("Taking it oneself: members of the team that has it.", """
tickets.assignment_create  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        x      .      T      .      x     L      .       x       x
foreign         s        .        .      x      .      T      .     .      L       .       x
watched         s        .        .      x      T      x      .     L      .       x       x
own             s        .        .      .      x      .      .     L      .       x       x
quiet           s        .        x      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      x     .      .       .       .
""")

ANSWERING = Group("Speaking from the outside: who asked, who filed it for somebody, who watches.", """
tickets.answer_create  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        R      .      x      .      x     x      .       x       x
foreign         s        .        .      R      .      x      .     .      x       .       x
watched         s        .        .      W      x      F      .     x      .       x       x
own             s        .        .      .      R      .      .     x      .       x       x
ended           s        R        .      .      x      .      .     x      .       .       x
merged          s        .        .      R      x      .      .     x      .       .       x
quiet           s        .        R      .      .      x      .     .      x       .       .
sealed          s        .        .      .      .      .      x     .      .       .       .
""")

REOPENING = Group("Opening it again: those outside, and those who decide.", """
tickets.reopening_create  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        R      .      T      .      x     L      .       x       A
foreign         s        .        .      R      .      T      .     .      L       .       A
watched         s        .        .      W      T      F      .     L      .       x       A
own             s        .        .      .      R      .      .     L      .       x       A
quiet           s        .        R      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      x     .      .       .       .
""")

CANCELLING = Group("Cancelling it: who asked, and those who decide.", """
tickets.cancellation_new     200
tickets.cancellation_create  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        R      .      T      .      x     L      .       x       A
foreign         s        .        .      R      .      T      .     .      L       .       A
watched         s        .        .      x      T      x      .     L      .       x       A
own             s        .        .      .      R      .      .     L      .       x       A
quiet           s        .        R      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      x     .      .       .       .
""")

UNDOING = Group("Taking off a tag or a link. A link to what one does not see is not there.", """
tickets.tag_remove   303  printer-tag
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-               s        .        x      .      T      .      E     L      .       x       A
""")

UNLINKING = Group("A link to what one does not see is not there.", """
tickets.link_remove  303
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-watched       s        .        x      .      T      .      .     L      .       x       A
printer-foreign       s        .        x      .      .      .      .     .      .       x       A
""")

LISTENING = Group("Hearing live that something happened: everything for the staff, the public for the rest.", """
live.stream_show  204
live.news_show    200
""", """
               anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
notes-printer      s        .        .      .      T      .      E     L      .       .       A
news-printer       s        .        R      .      T      .      E     L      .       M       A
notes-own          s        .        .      .      .      .      .     L      .       .       A
news-quiet         s        .        R      .      .      T      .     .      L       .       .
news-sealed        s        .        .      .      .      .      N     .      .       .       .
queue-network      s        .        .      .      T      .      .     L      .       .       A
agent-agent        s        .        .      .      O      .      .     .      .       .       .
""")

GROUPS = (READING, FILES, STAFF, WORKING, UNMERGING, TAKING, ANSWERING, REOPENING, CANCELLING, UNDOING,
          UNLINKING, LISTENING)
