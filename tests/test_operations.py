"""docs/operations.md: its commands exist, its figures are those of the benchmarks, its tables those of the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import streams.feeds
from streams.contract.access import grants, table
from streams.contract.message import Message
from streams.feeds.files import CONTENT_TYPES, split
from streams.settings import Settings
from streams.stages.graph import build_stages
from streams.stages.stage import apply
from tests.command_line import USAGE_ERROR, commands_of, parsed
from tools.capacity import ENRICHED_KB, INTERNAL_KB, measured, need

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operations.md").read_text()
OF_KAFKA = {"kafka-consumer-groups.sh", "kafka-configs.sh"}


@pytest.mark.parametrize("arguments", commands_of(PAGE), ids=" ".join)
def test_a_command_is_one(arguments: list[str]) -> None:
    """With its options and their values; `streams …` alone is the head of a table."""
    assert arguments == ["…"] or parsed(arguments)


@pytest.mark.parametrize("wrong", ["enrichh", "topics --chekc", "dead-letters list --limit -1"])
def test_a_command_that_is_none_would_be_seen(wrong: str) -> None:
    with pytest.raises(USAGE_ERROR):
        parsed(wrong.split())


def test_every_other_command_is_known() -> None:
    """Of Kafka, of this repository, or of every shell; targets of make are in the Makefile."""
    blocks = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).replace("\\\n", "")
    first = {line.split()[0] for line in blocks.splitlines() if line}
    assert first <= {"streams", "export", "python", *OF_KAFKA}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", PAGE)) <= targets


def test_the_table_of_capacity_is_what_its_command_prints() -> None:
    """After a run of the benchmarks: put in what `python tools/capacity.py …` prints now."""
    (line,) = re.findall(r"^python (tools/capacity\.py .*)$", PAGE, re.MULTILINE)
    printed = subprocess.run([sys.executable, *line.split()], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() in PAGE


def test_the_worked_example_is_the_tables_middle_line() -> None:
    one = need(200_000, peak=5, replicas=3, days=7, enriched_days=30)
    alone, share = measured()
    says = f"a day are {one.average:.1f} a second; in the busiest minutes five times as many, {one.peak:.1f}."
    says += f" Each of several workers does {alone * share:.1f} a second"
    plain = re.sub(r"\s+", " ", PAGE)
    assert says in plain
    assert f"at half load {alone * share / 2:.1f}: {one.cores} cores" in plain
    assert f"three times over: {one.disk:.0f} GB" in plain


def test_two_workers_at_least_and_room_in_partitions() -> None:
    """Without them a worker that is killed stops everything, and one that is added has nothing to do."""
    small, large = (need(a_day, 5, 3, 7, 30) for a_day in (100, 1_000_000))
    assert (small.cores, small.workers, small.partitions) == (1, 2, 6)
    assert large.partitions == 2 * large.workers == 2 * large.cores


def test_an_article_of_the_sample_takes_as_many_bytes() -> None:
    """Key, value and headers in each topic; within a tenth of what is planned with."""
    total: dict[str, int] = {}
    articles = 0
    settings = Settings(tier="fast")
    stages, dead_letters = build_stages(settings), settings.topics.dead_letters.name
    for path in sorted((Path(streams.feeds.__file__).parent / "sample").iterdir()):
        for _, payload, kind in split(path.read_bytes()):
            headers = (("content-type", CONTENT_TYPES.get(kind, "").encode()), ("source", b"npd"))
            sizes = [_size(message := Message(payload, headers=headers))]
            for stage in stages:
                (out,) = apply(stage, message).outgoing
                message = Message(out.value, out.key, out.headers)
                sizes.append(_size(message))
                if out.topic == dead_letters:
                    break
            else:
                articles += 1
                for name, size in zip([*INTERNAL_KB, "enriched"], sizes, strict=True):
                    total[name] = total.get(name, 0) + size
    for name, planned in {**INTERNAL_KB, "enriched": ENRICHED_KB}.items():
        assert total[name] / articles / 1000 == pytest.approx(planned, rel=0.1), name
        assert f"{planned}" in PAGE


def _size(message: Message) -> int:
    headers = sum(len(name) + len(value) for name, value in message.headers)
    return len(message.key or b"") + len(message.value or b"") + headers


def test_the_list_of_acls_is_the_codes() -> None:
    assert table() in PAGE
    assert all(f"`{grant.name}`" in PAGE for grant in grants())
    completed = {"ingest": ["files"], "dead-letters": ["list"], "dead-letters retry": ["--all"]}
    for grant in grants():
        assert parsed(grant.command.split() + completed.get(grant.command, []))


def test_every_setting_that_it_names_is_one_with_the_default_it_says() -> None:
    named = set(re.findall(r"STREAMS_[A-Z_]+[A-Z]", PAGE))
    assert named <= {f"STREAMS_{name.upper()}" for name in Settings.model_fields}
    rows = re.findall(r"^\| `STREAMS_(\w+DAYS)` \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)
    ours = {topic.name: (topic.retention_ms or 0) / 86_400_000 for topic in Settings().topics}
    said = {topic.strip("`"): float(days) for _, days, topics in rows for topic in topics.split(", ")}
    assert said == ours
    assert {name: float(days) for name, days, _ in rows} == {
        name.upper(): field.default for name, field in Settings.model_fields.items() if name.endswith("_days")
    }


def test_links_lead_somewhere() -> None:
    """To files that are there, and headings that they have."""
    for target in re.findall(r"\]\((?!http)([^)]+)\)", PAGE):
        path, _, heading = target.partition("#")
        file = (ROOT / "docs" / path) if path else ROOT / "docs" / "operations.md"
        assert file.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}, target
    assert "](docs/operations.md)" in (ROOT / "README.md").read_text()


def test_panels_that_it_names_are_on_a_dashboard() -> None:
    boards = "".join(path.read_text() for path in (ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
    for panel in re.findall(r"(?<!\*)\*([A-Z][^*\n]*(?:\n[^*\n]+)?)\*(?!\*)", PAGE):
        title = re.sub(r"\s+", " ", panel)
        assert f'"{title}"' in boards, title
