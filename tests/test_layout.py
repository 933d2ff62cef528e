"""The pictures show the flow that the code has, files stay small, and torch stays in training."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import streams
from streams.contract.graph import stage_names
from streams.contract.topics import topics

PACKAGE = Path(streams.__file__).parent
README = PACKAGE.parent / "README.md"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 250  # lines

NAMES = [topic.name for topic in topics()] + stage_names()


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _picture_of_the_readme() -> str:
    """Its first code block."""
    return README.read_text().split("```", 2)[1]


@pytest.mark.parametrize("name", NAMES)
def test_the_readmes_picture_names_every_topic_and_stage(name: str) -> None:
    assert name in _picture_of_the_readme().split()


@pytest.mark.parametrize("name", NAMES)
def test_the_graphs_picture_names_every_topic_and_stage(name: str) -> None:
    docstring = ast.get_docstring(ast.parse((PACKAGE / "contract" / "graph.py").read_text())) or ""
    assert name in docstring.split()


@pytest.mark.parametrize("picture", ["README.md", "graph.py"])
def test_the_flow_is_drawn_from_left_to_right_in_its_order(picture: str) -> None:
    text = _picture_of_the_readme() if picture == "README.md" else (PACKAGE / "contract" / "graph.py").read_text()
    line = next(line for line in text.splitlines() if "news.raw" in line).split()
    ours = topics()
    flow = [ours.raw.name] + [name for stage in stage_names() for name in (stage, ours.sink(stage).name)]
    assert [word for word in line if word in flow] == flow


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_file_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_it_is(path: Path) -> None:
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source)) or not source


def test_torch_is_for_training_alone() -> None:
    users = {_name(path) for path in MODULES if "torch" in set(_imported(path))}
    assert {user for user in users if not user.startswith("models/training/")} == set()
    assert users, "nothing trains any more: drop this test"


def _imported(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
