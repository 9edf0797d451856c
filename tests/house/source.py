"""The source as the house tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def python_files() -> list[Path]:
    return sorted(APP.rglob("*.py"))


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Every call, every function and every f-string of the source, with its file; read once for all tests."""
    return [(path, node) for path in python_files() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call | ast.JoinedStr | ast.FunctionDef | ast.AsyncFunctionDef)]


def calls() -> Iterator[tuple[Path, ast.Call]]:
    return ((path, node) for path, node in nodes() if isinstance(node, ast.Call))


def functions() -> Iterator[tuple[str, int]]:
    """Each function's name with its place, and its length in lines (its docstring left out)."""
    for path, node in nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", _length(node)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return node.end_lineno - body[0].lineno + 1


def templates() -> list[Path]:
    return sorted(path for path in APP.rglob("*.html"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
