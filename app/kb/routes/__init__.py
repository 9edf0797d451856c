"""The pages of articles: writing them, reading them, their files and their categories."""

from . import writing

__all__ = ["writing"]
