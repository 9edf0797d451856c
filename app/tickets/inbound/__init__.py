"""From a mail to a ticket: who wrote it, what it answers, and what becomes of it (table.py, on one page)."""
