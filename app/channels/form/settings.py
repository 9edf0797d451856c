"""How the web form works; an administrator edits these in the browser."""

from app.core.settings import Settings

form = Settings("form", request_types=[], sites=[], intro={}, per_hour=60)
"""`request_types`: ids of those to choose from; none: what is offered first. `sites`: origins that may show the form
in a frame. `intro`: what stands above it, in each language. `per_hour`: how many requests the desk keeps in an hour."""
