"""The README's commands do what it says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from streams.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The README's code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def shell(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Runs a line of the README in a folder, with this environment's `streams` on the path."""
    path = f'export PATH="{Path(sys.executable).parent}:$PATH"; '
    return subprocess.run(["bash", "-c", path + line], cwd=folder, capture_output=True, text=True, timeout=120)


def test_an_article_through_a_pipe(tmp_path: Path) -> None:
    """The `echo … | streams enrich --pretty` of the README shows person, quote and speaker."""
    line = next(line for block in blocks("sh") for line in block.splitlines() if line.startswith("echo "))
    shown = shell(line, tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "An Peeters" in shown.stdout
    assert "“Dit is een goed akkoord” — An Peeters" in shown.stdout


def test_files_to_a_file(tmp_path: Path) -> None:
    """`streams enrich article.txt wire.jsonl > enriched.jsonl`: same order, one event a line."""
    (tmp_path / "article.txt").write_text("Storm trekt over Gent\n\nGENT - De storm richtte in Gent geen schade aan.\n")
    item = {"uri": "urn:x:1", "version": "1", "language": "nl", "headline": "Koning bezoekt Namen"}
    (tmp_path / "wire.jsonl").write_text(json.dumps(item) + "\n")
    line = next(line for block in blocks("sh") for line in block.splitlines() if line.startswith("streams enrich "))
    assert shell(line, tmp_path).returncode == 0
    events = [json.loads(line) for line in (tmp_path / "enriched.jsonl").read_text().splitlines()]
    assert [event["headline"] for event in events] == ["Storm trekt over Gent", "Koning bezoekt Namen"]


def test_the_python_example(tmp_path: Path) -> None:
    """It runs, and names what the text names."""
    (block,) = blocks("python")
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "('Jan de Wit', 'PER')" in done.stdout.replace("<EntityType.PER: 'PER'>", "'PER'")


COMMANDS = sorted(set(re.findall(r"^\| `(streams [a-z-]+(?: [a-z]+)?)", README, re.MULTILINE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_table_is_there(command: str, tmp_path: Path) -> None:
    """It has a help text."""
    shown = shell(f"{command} --help", tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "Usage" in shown.stdout


def test_every_setting_that_it_names_is_one() -> None:
    """No variable that the program does not know."""
    named = set(re.findall(r"STREAMS_[A-Z_]+[A-Z]", README)) - {"STREAMS_ENV_FILE", "STREAMS_TEST_BROKER"}
    assert named <= {f"STREAMS_{name.upper()}" for name in Settings.model_fields}


def test_links_inside_the_repository_lead_somewhere() -> None:
    """Files that the README links are there."""
    root = Path(__file__).parent.parent
    for target in re.findall(r"\]\((?!http|#)([^)]+)\)", README):
        assert (root / target.partition("#")[0]).exists(), target
