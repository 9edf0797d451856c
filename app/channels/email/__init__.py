"""E-mail. Outgoing only: letters are put into envelopes and handed to the relay."""
