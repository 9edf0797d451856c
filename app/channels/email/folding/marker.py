"""The line above which people are asked to write: the desk puts it over every mail that may be answered."""

MARKER = "##~"
"""What is looked for, in whatever language the words stand behind it. It survives a mailer that breaks the line."""


def marked(words: str) -> str:
    """The whole line, for the top of a mail: `marked(_("Please write your answer above this line"))`."""
    return f"{MARKER} {words} ~##"
