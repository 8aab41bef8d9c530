"""The reference of the command line, from the parsers of the commands."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator

from samtheory.cli import EXIT_CODES
from samtheory.commands import COMMANDS
from samtheory.commands.options import Parser

from . import rst


def pages() -> Iterator[tuple[str, str]]:
    """The index, and a page for every command."""
    rows = [(f":doc:`{name} <commands/{name}>`", rst.plain(_title(name))) for name in COMMANDS]
    text = rst.title("Command line") + rst.table(["command", "question or purpose"], rows)
    text += rst.code(EXIT_CODES)
    listed = "\n".join(f"commands/{name}" for name in COMMANDS)
    yield "reference/commands.rst", text + rst.directive("toctree", "", listed, hidden=True)
    for name in COMMANDS:
        yield f"reference/commands/{name}.rst", _page(name)


def _docstring(name: str) -> str:
    return importlib.import_module(f"samtheory.commands.{name}").__doc__ or ""


def _title(name: str) -> str:
    return _docstring(name).partition("\n")[0]


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a command, as the command line makes it."""
    parser = Parser(prog=f"samtheory {name}")
    importlib.import_module(f"samtheory.commands.{name}").arguments(parser)
    return parser


def _page(name: str) -> str:
    parser, text = parser_of(name), _docstring(name).partition("\n")[2].strip()
    page = rst.title(f"samtheory {name}") + rst.paragraph(rst.plain(_title(name)))
    page += rst.code(text) + rst.directive("program", f"samtheory {name}")
    for group in parser._action_groups:
        entries = [action for action in group._group_actions if action.dest != "help"]
        if not entries:
            continue
        page += rst.title((group.title or "").capitalize(), 1)
        for action in entries:
            page += rst.directive("option", _signature(action), rst.plain(_help(parser, action)))
    return page


def _signature(action: argparse.Action) -> str:
    """What a person types: the name with its value."""
    names = list(action.metavar) if isinstance(action.metavar, tuple) else [action.metavar or action.dest]
    value = " ".join(names) if action.nargs != 0 else ""
    if not action.option_strings:
        return f"{value}..." if action.nargs in {"*", "+"} else value
    return ", ".join(f"{option} {value}".rstrip() for option in action.option_strings)


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    words = parser._get_formatter()._expand_help(action) if action.help else ""
    among = ", ".join(map(str, action.choices)) if action.choices else ""
    return words + (f" (one of: {among})" if among and among not in words else "")
