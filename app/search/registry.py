"""Whose documents are found; wiring.py names the library when the app is made."""

from .library import Library

library: Library
