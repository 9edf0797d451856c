"""What every page draws many times, drawn in Python and remembered: a macro call would cost more than the query."""

from functools import lru_cache
from typing import Any

from flask import Flask, render_template
from flask_babel import get_locale
from markupsafe import Markup

_fixed: dict[tuple[str, str], Markup] = {}


def init(app: Flask, asset: Any) -> None:
    """Offer the sprite's icons and fixed pieces to templates."""

    @lru_cache(maxsize=2048)
    def drawn(sprite: str, name: str, label: str | None, size: str | None) -> Markup:
        kind = Markup(' icon-{}').format(size) if size else ""
        spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="icon{}" {}><use href="{}#{}"/></svg>').format(kind, spoken, sprite, name)

    def icon(name: str, label: Any = None, size: str | None = None) -> Markup:
        return drawn(asset("icons.svg"), str(name), str(label) if label else None, size)

    app.jinja_env.globals.update(draw_icon=icon, fixed=fixed)


def fixed(template: str) -> Markup:
    """A piece that says the same on every page of a language: rendered once per language and process."""
    key = (template, str(get_locale()))
    if key not in _fixed:
        _fixed[key] = Markup(render_template(template))  # noqa: S704 - an own template without values
    return _fixed[key]
