"""The table of rights on everything that is no ticket: doors, own pages, queues, figures, the administration."""

from . import (
    article_table,
    ask_table,
    bulk_table,
    client_table,
    kept_table,
    learning_table,
    mail_table,
    rating_table,
    reading_table,
    sending_table,
    telling_table,
    view_table,
    way_table,
    words_table,
    writing_table,
)
from .grid import Group

OPEN = Group("Doors: everybody, signed in or not.", """
accounts.session_new         200 302
accounts.session_create      401
accounts.session_end         302
accounts.language_change     302
accounts.password_forgotten  200
accounts.password_ask        200
accounts.password_new        200  link
accounts.password_set        302  link
health.health_show           200 503
home.robots                  200
home.favicon                 302
static                       200  stylesheet
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        P        P        P      P      P      P      P     P      P       P       P
""")

SHUT = Group("Doors that have closed for good: the set-up of a desk that has people, a link that was never given.", """
admin.setup_new        200
admin.setup_create     302
accounts.password_new  200  no-link
accounts.password_set  302  no-link
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        .        .        .      .      .      .      .     .      .       .       .
""")

OWN = Group("Pages for everybody who is signed in: each shows what is the reader's own.", """
tickets.ticket_list                  200
tickets.search_show                  200
home.search_show                     200
home.palette_list                    200
tickets.ticket_new                   200
tickets.ticket_form                  200  a-type
tickets.ticket_create                303
tickets.ticket_create:behalf         303
accounts.profile                     200
accounts.profile_change              302
accounts.password_change             400
notifications.notification_list      200
notifications.notification_read_all  303
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        S        S      S      S      S      S     S      S       S       S
""")

ABSENCES = Group("Absences: everybody of the house; the list shows own ones, those of teams and departments.", """
attention.absence_list    200
attention.absence_choose  302
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        S      S      S      S      S     S      S       S       S
""")

ABSENCE = Group("One absence: whose it is, the team, the deputy, the head of a department above.", """
attention.absence_show  200
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
absence-agent         s        .        .      .      O      .      D     L      .       H       A
""")

ABSENT = Group("Changing an absence, not begun: whose it is, who leads the team, who heads a department above.", """
attention.absence_edit      200
attention.absence_change    400
attention.absence_cancel    303
attention.absence_return    409
attention.ticket_take_back  409
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
absence-agent         s        .        .      .      O      .      x     L      .       H       A
""")

ANNOUNCING = Group("Announcing an absence: the own one, and those of the people one leads or heads.", """
attention.absence_new     200
attention.absence_create  400
""", """
               anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
person-agent       s        .        .      .      O      .      .     L      .       H       A
person-aigul       s        .        O      .      .      .      .     .      .       H       A
""")

SIGN_INS = Group("Ending a sign-in: one's own.", """
accounts.sign_in_end  302
""", """
                    anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
signed-in-aigul         s        .        O      .      .      .      .     .      .       .       .
signed-in-admin         s        .        .      .      .      .      .     .      .       .       O
""")

TOLD = Group("A notification: one's own, of what one still sees.", """
notifications.notification_read  303
""", """
               anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
told-aigul         s        .        O      .      .      .      .     .      .       .       .
told-bakyt         s        .        .      .      .      .      .     .      .       .       .
told-agent         s        .        .      .      O      .      .     .      .       .       .
""")

LISTS = Group("Lists of work: agents, and the administrator.", """
tickets.queue_list       200
tickets.queue_mine       200
tickets.queue_escalated  200
tickets.board_start      302
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

QUEUES = Group("A queue: whoever works in the team, and the administrator.", """
tickets.queue_show  200
tickets.board_show  200
tickets.board_move  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
network         s        .        .      .      T      .      .     L      .       .       A
accounts        s        .        .      .      .      T      .     .      L       .       A
""")

FIGURES = Group("Figures of the whole desk, and pauses; the tickets behind them as far as the reader sees them.", """
kpi.figures_show    200
kpi.figure_tickets  200  filed
sla.pause_list      200
sla.pause_export    200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     K      K       K       A
""")

ADMINISTRATION = Group("The administration.", """
admin.overview           200
admin.setup_check        200
admin.department_list    200
admin.department_new     200
admin.department_create  400
admin.department_edit    200  office
admin.department_save    400  office
admin.team_list          200
admin.team_new           200
admin.team_create        400
admin.team_edit          200  network
admin.team_save          400  network
admin.team_draft         400  network
admin.person_list        200
admin.person_new         200
admin.person_create      400
admin.person_edit        200  zarina
admin.person_save        400  zarina
admin.invitation_create  302  zarina
admin.setting_list       200
admin.setting_save       400  desk-settings
admin.event_list         200
admin.mailbox_list          200
admin.mailbox_new           200
admin.mailbox_create        400
admin.mailbox_try_new       400
admin.mailbox_edit          200  mailbox
admin.mailbox_save          400  mailbox
admin.mailbox_try           400  mailbox
admin.mailbox_remove        409  mailbox
admin.mailbox_ask_consent   302  mailbox
admin.mailbox_consent       200  mailbox
admin.mailbox_connect       400  mailbox
admin.wording_list       200
admin.wording_edit       200  reply-in-english
admin.wording_save       400  reply-in-english
admin.wording_preview    400  reply-in-english
admin.wording_remove     303  reply-in-english
admin.outbox_list        200
admin.outbox_retry       302  undelivered
admin.outbox_retry_all   303
admin.outbox_drop        303  undelivered
notifications.mail_test  303
catalogue.intake_rule_list      200
catalogue.intake_rule_create    400
catalogue.intake_rule_move      302  rule
catalogue.intake_rule_remove    302  rule
catalogue.request_type_list     200
catalogue.request_type_new      200
catalogue.request_type_create   400
catalogue.request_type_edit     200  a-type
catalogue.request_type_save     400  a-type
calendars.calendar_list         200
calendars.calendar_new          200
calendars.calendar_create       400
calendars.calendar_edit         200  office
calendars.calendar_save         400  office
calendars.calendar_preview      400  office
calendars.calendar_preview_new  400
calendars.calendar_version_remove  303  office-planned
backtest.backtest_list          200
backtest.backtest_show          200  a-draft
backtest.progress_show          200  a-draft
backtest.flip_list              200  a-draft
backtest.policy_draft           400  standard
backtest.calendar_draft         400  office
backtest.rules_draft            303
backtest.rule_draft             400
backtest.rule_move              303  a-drafted-rule
backtest.rule_remove            303  a-drafted-rule
backtest.trial_create           400  a-draft
backtest.cancellation_create    303  a-draft
backtest.activation_create      409  a-draft
backtest.removal_create         303  a-draft
sla.policy_list                 200
sla.policy_new                  200
sla.policy_create               400
sla.policy_edit                 200  standard
sla.policy_save                 400  standard
sla.policy_version_remove       303  standard-planned
sla.rule_create                 400
sla.rule_edit                   200  sla-rule
sla.rule_save                   400  sla-rule
sla.rule_move                   303  sla-rule
sla.rule_removal                200  sla-rule
sla.rule_remove                 303  sla-rule
sla.list_list                   200
sla.list_show                   200  planned-rules
sla.list_remove                 303  planned-rules
sla.list_restore                303  planned-rules
sla.plan_create                 400
tickets.pending_reason_list     200
tickets.pending_reason_new      200
tickets.pending_reason_create   400
tickets.pending_reason_edit     200  supplier
tickets.pending_reason_save     400  supplier
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .       .       A
""")

GROUPS = (OPEN, SHUT, OWN, ABSENCES, ABSENCE, ABSENT, ANNOUNCING, SIGN_INS, TOLD, LISTS, QUEUES,
          FIGURES, ADMINISTRATION, *learning_table.GROUPS, *reading_table.GROUPS,
          *article_table.GROUPS, *ask_table.GROUPS, *writing_table.GROUPS, *rating_table.GROUPS, *bulk_table.GROUPS,
          *telling_table.GROUPS,
          *client_table.GROUPS, *way_table.GROUPS, *mail_table.GROUPS, *kept_table.GROUPS, *view_table.GROUPS,
          *words_table.GROUPS, *sending_table.GROUPS)
