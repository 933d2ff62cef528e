"""The graph: every topic and every stage, in one table.

news.raw ─▶ normalise ─▶ news.articles ─▶ entities ─▶ news.entities ─▶ sentiment ─▶ news.enriched
                └───────────────────────────┴─────────────────────────────┴──▶ news.dead-letters

Topics, consumer groups, schemas, CloudEvents types, the check at the start and the pictures are made of it: a stage
added here, and nowhere else, runs in a worker.
"""

from dataclasses import dataclass
from typing import Literal

from streams.contract.records import Article, EnrichedArticle, Record, TaggedArticle

DEAD_LETTERS = "dead-letters"
Kept = Literal["internal", "enriched", "dead_letters", "notes"]


@dataclass(frozen=True)
class TopicSpec:
    """A topic without the installation's prefix. `kept` is its retention, a field of `topics.Retention`; `items` how
    many times the largest wire item one of its records may be; 0 where it holds none."""

    name: str
    holds: str
    kept: Kept
    items: int


@dataclass(frozen=True)
class StageSpec:
    """One step of the flow.

    `writes` are the topics of its events, the first where an event names none. `record` is what is on the first one,
    under the CloudEvents type `event_type`; `schema` is its name in `streams schema`, `stamp` the field of `Times` that
    the stage sets. `tables` are the names of what it keeps, each with a changelog. `build` makes it: `module:function`,
    which is given the `Settings` and returns `streams.stages.stage.Built`; named and not imported, since only the
    process that runs a stage needs it.
    """

    name: str
    reads: str
    writes: tuple[str, ...]
    record: type[Record]
    schema: str
    event_type: str
    build: str
    stamp: str | None = None
    tables: tuple[str, ...] = ()


TOPICS: list[TopicSpec] = [
    TopicSpec("raw", "the wire payload as received", "internal", 4),  # an item above the limit still arrives
    TopicSpec("articles", "keyed by item id", "internal", 8),  # the later ones have room for what enrichment adds
    TopicSpec("entities", "keyed by item id", "internal", 8),
    TopicSpec("enriched", "keyed by item id", "enriched", 8),
    # The widest: a dead letter is what a stage read, plus the headers that say why.
    TopicSpec(
        DEAD_LETTERS, "what a stage could not process, byte for byte, under its original key", "dead_letters", 12
    ),
]

# Of each dead letter a note once it was sent again.
RETRIED = TopicSpec("dead-letters-retried", "which dead letters were sent again", "notes", 0)

STAGES: list[StageSpec] = [
    StageSpec(
        name="normalise",
        reads="raw",
        writes=("articles",),
        record=Article,
        schema="article",
        event_type="news.article.normalised.v1",
        build="streams.stages.graph:normalise",
        stamp="normalised",
    ),
    StageSpec(
        name="entities",
        reads="articles",
        writes=("entities",),
        record=TaggedArticle,
        schema="tagged",
        event_type="news.article.tagged.v1",
        build="streams.stages.graph:entities",
        stamp="entities",
    ),
    StageSpec(
        name="sentiment",
        reads="entities",
        writes=("enriched",),
        record=EnrichedArticle,
        schema="enriched",
        event_type="news.article.enriched.v1",
        build="streams.stages.graph:sentiment",
        stamp="enriched",
    ),
]


def stage_names() -> list[str]:
    """The stages from left to right."""
    return [stage.name for stage in STAGES]


def spec(name: str) -> StageSpec:
    """The stage of that name. Raises KeyError with the names there are."""
    for stage in STAGES:
        if stage.name == name:
            return stage
    raise KeyError(f"no stage {name}; the stages are {', '.join(stage_names())}")
