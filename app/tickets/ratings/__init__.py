"""Satisfaction: one question after a closure, answered by a signed link or on the page; what is low is seen to."""
