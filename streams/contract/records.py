"""The records that travel, as typed values. Offsets are Unicode code points into `text`, end exclusive."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType, field


class Status(StrEnum):
    """Whether the item may be used, as the agency says (IPTC `pubstatus`)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Change(StrEnum):
    """What this version is to the ones before it."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    KILL = "kill"


class BlockKind(StrEnum):
    """The parts of an article's text."""

    HEADLINE = "headline"
    LEAD = "lead"
    PARAGRAPH = "paragraph"
    CROSSHEAD = "crosshead"
    KEY_POINT = "key_point"
    PULL_QUOTE = "pull_quote"


class EntityType(StrEnum):
    """The types of CoNLL-2002."""

    PER = "PER"
    ORG = "ORG"
    LOC = "LOC"
    MISC = "MISC"


class Label(StrEnum):
    """Sentiment in three classes."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class LanguageFrom(StrEnum):
    """Where the language code comes from: the feed's word, or the text."""

    DECLARED = "declared"
    DETECTED = "detected"


class Skipped(StrEnum):
    """Why an article passed through without enrichment."""

    UNSUPPORTED_LANGUAGE = "unsupported_language"


class SentimentAbsent(StrEnum):
    """Why an article has no sentiment."""

    UNSUPPORTED_LANGUAGE = "unsupported_language"
    KILLED = "killed"
    NOTHING_TO_JUDGE = "nothing_to_judge"


class Record(Struct, frozen=True):
    """Base of all records. Unknown fields are ignored on reading, so that fields may be added."""


class Span(Record, frozen=True, kw_only=True):
    """A stretch of the text."""

    start: int
    end: int


class Block(Span, frozen=True, kw_only=True):
    """A part of the article's text; `speaker_name` and `role` on pull quotes only.

    `repeats_body` marks a pull quote whose words stand in the body too: it counts once.
    """

    kind: BlockKind
    speaker_name: str | None = None
    role: str | None = None
    repeats_body: bool = False


class Language(Record, frozen=True, kw_only=True):
    """BCP 47 code and region; `confidence` in 0..1."""

    code: str
    region: str | None = None
    confidence: float
    from_: LanguageFrom = field(name="from")


class Dateline(Record, frozen=True, kw_only=True):
    """Place as written, and the date as written in the text."""

    place: str | None = None
    date: str | None = None


class Times(Record, frozen=True, kw_only=True):
    """When what happened, UTC. All but `published` and `received` are stamped by the stages."""

    published: datetime | None = None
    received: datetime
    normalised: datetime | None = None
    entities: datetime | None = None
    enriched: datetime | None = None


class ProducedBy(Record, frozen=True, kw_only=True):
    """Who made a part of the event.

    `digest` is that of the model's weights (none where a stage has no model); `pipeline` covers package
    version, models and every setting that changes the stage's output. `seconds` is the time of this
    article in the stage.
    """

    stage: str
    model: str | None = None
    version: str
    digest: str | None = None
    pipeline: str
    seconds: float


class Article(Record, frozen=True, kw_only=True):
    """One version of one item, normalised. `text` holds headline and body as `blocks` lays them out.

    `wire_sha256` is the digest of the payload as received and of the headers that change the result.
    """

    id: str
    version: int
    status: Status
    change: Change
    headline: str | None
    source: str
    dateline: Dateline | None
    embargo: datetime | None = None
    skipped: Skipped | None = None
    language: Language
    text: str
    text_sha256: str
    wire_sha256: str
    blocks: tuple[Block, ...]
    times: Times
    produced_by: tuple[ProducedBy, ...]


class Mention(Span, frozen=True, kw_only=True):
    """`text` equals the article's text between `start` and `end`."""

    text: str


class TargetSentiment(Record, frozen=True, kw_only=True):
    """Sentiment towards one entity: score in −1..1, and the sentences that it rests on."""

    label: Label
    score: float
    evidence: tuple[Span, ...]


class Entity(Record, frozen=True, kw_only=True):
    """One entity of the article, all its mentions joined; `salience` in 0..1.

    `link` is an ISO 3166 code, a GeoNames id or another URI, or null.
    """

    id: str
    type: EntityType
    name: str
    link: str | None = None
    salience: float
    mentions: tuple[Mention, ...]
    sentiment: TargetSentiment | None = None


class Quote(Span, frozen=True, kw_only=True):
    """Words said, without their quotation marks; `speaker` is an entity's id."""

    text: str
    speaker: str | None = None
    cue: str | None = None


class LeftOut(Record, frozen=True, kw_only=True):
    """How many characters at the text's end no model read, and of what was found how much had no room in the event."""

    characters: int
    entities: int
    mentions: int
    quotes: int


class TaggedArticle(Article, frozen=True, kw_only=True):
    """An article with its entities and quotes; `left_out` only where it is a book, or long and all names or quotes."""

    entities: tuple[Entity, ...]
    quotes: tuple[Quote, ...]
    left_out: LeftOut | UnsetType = UNSET


class Probabilities(Record, frozen=True, kw_only=True):
    """Calibrated; they sum to 1."""

    negative: float
    neutral: float
    positive: float


class Sentiment(Record, frozen=True, kw_only=True):
    """Sentiment of the article: score in −1..1 (positive minus negative)."""

    label: Label
    score: float
    probabilities: Probabilities


class ScoredSentence(Span, frozen=True, kw_only=True):
    """A sentence and its score in −1..1."""

    score: float


class EnrichedArticle(TaggedArticle, frozen=True, kw_only=True):
    """The whole enriched event: the value of `news.enriched`."""

    sentiment: Sentiment | None
    sentiment_absent: SentimentAbsent | None = None
    sentences: tuple[ScoredSentence, ...]
