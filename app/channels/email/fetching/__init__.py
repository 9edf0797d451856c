"""Fetching mail: from IMAP servers and from folders of this machine, one round after the other."""
