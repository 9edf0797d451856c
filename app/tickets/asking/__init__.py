"""Asking: what a request is about, told from its words, and what many have asked about already."""
