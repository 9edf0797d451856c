"""Writing an article: its text, its facts, its states."""
