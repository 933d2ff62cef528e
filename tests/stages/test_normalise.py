"""The stage as a whole: what an article carries, and what becomes a dead letter."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

import streams.feeds
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.contract.records import Article, BlockKind, Change, LanguageFrom, Skipped
from streams.stages.normalise import Normalise

SAMPLE = Path(streams.feeds.__file__).parent / "sample"
DUTCH = (
    "De federale regering heeft in de nacht van zondag op maandag een akkoord bereikt over de begroting. "
    "De ploeg zoekt 2,4 miljard euro en vindt die vooral in hogere accijnzen en een strengere controle. "
    "Volgens de premier is dat een eerlijke verdeling van de lasten, al denkt de oppositie daar anders over. "
)
FRENCH = (
    "Le gouvernement fédéral est parvenu dans la nuit de dimanche à lundi à un accord sur le budget. "
    "L'équipe cherche 2,4 milliards d'euros et les trouve surtout dans des accises plus élevées. "
    "Selon le premier ministre, il s'agit d'un partage équitable des efforts, ce que l'opposition conteste. "
)


def message_of(payload: bytes | str | dict[str, object], **headers: str) -> Message:
    value = json.dumps({"uri": "urn:x:1", **payload}) if isinstance(payload, dict) else payload
    return Message(
        value=value if isinstance(value, bytes) else value.encode(),
        headers=tuple((name.replace("_", "-"), text.encode()) for name, text in headers.items()),
        timestamp=datetime(2026, 11, 23, 6, tzinfo=UTC),
    )


def article_of(payload: bytes | str | dict[str, object], normalise: Normalise | None = None, **headers: str) -> Article:
    outcome = (normalise or Normalise())(message_of(payload, **headers))
    assert isinstance(outcome, Ok), outcome
    return outcome.value


def reason_of(value: bytes | None, **headers: str) -> Reason:
    message = Message(value=value, headers=tuple((name.replace("_", "-"), t.encode()) for name, t in headers.items()))
    outcome = Normalise(max_item_bytes=1000)(message)
    assert isinstance(outcome, DeadLetter), outcome
    return outcome.reason


def test_text_and_blocks() -> None:
    article = article_of({"headline": "Kop", "body_html": "<p>GENT (NPD) - Lead.</p><p>Slot.</p>"})
    assert article.text == "Kop\n\nLead.\n\nSlot."
    assert [(block.kind, article.text[block.start : block.end]) for block in article.blocks] == [
        (BlockKind.HEADLINE, "Kop"),
        (BlockKind.LEAD, "Lead."),
        (BlockKind.PARAGRAPH, "Slot."),
    ]
    assert article.text_sha256 == sha256(article.text.encode()).hexdigest()
    assert article.produced_by == ()
    assert article.times.normalised is None


def test_a_flash_is_its_headline() -> None:
    article = article_of({"headline": "FLITS Premier stapt op"})
    assert article.text == article.headline == "Premier stapt op"
    assert [block.kind for block in article.blocks] == [BlockKind.HEADLINE]


def test_a_headline_may_hold_markup_or_references() -> None:
    assert article_of({"headline": "CD&amp;V &lsquo;tevreden&rsquo;"}).headline == "CD&V ‘tevreden’"
    assert article_of({"headline": "Roman <em>Het gewicht</em> wint"}).headline == "Roman Het gewicht wint"
    assert article_of({"headline": "Groei < 2 procent"}).headline == "Groei < 2 procent"


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (None, {}, Reason.EMPTY_PAYLOAD),
        (b"", {}, Reason.EMPTY_PAYLOAD),
        (b"x" * 1001, {}, Reason.TOO_LARGE),
        (b"%PDF", {"content_type": "application/pdf"}, Reason.UNKNOWN_FORMAT),
        (b"Re\xfcnie", {}, Reason.WRONG_ENCODING),
        (b'{"uri": ', {}, Reason.NOT_PARSED),
        (b'{"uri": 1}', {}, Reason.WRONG_FIELD),
        (b'{"uri": "a"}', {}, Reason.NO_TEXT),
        (b'{"uri": "a", "body_html": "<p> &nbsp;</p><script>1</script>"}', {}, Reason.NO_TEXT),
        (b" \n\t ", {}, Reason.NO_TEXT),
    ],
)
def test_dead_letters(value: bytes | None, headers: dict[str, str], reason: Reason) -> None:
    assert reason_of(value, **headers) is reason


def test_a_kill_needs_no_text() -> None:
    article = article_of({"pubstatus": "canceled", "language": "fr"})
    assert (article.change, article.text, article.blocks) == (Change.KILL, "", ())
    assert article.skipped is None


def test_received_is_the_header_or_the_time_of_the_record() -> None:
    record = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert article_of("Kop", received="2026-11-23T06:48:00+01:00").times.received == datetime(
        2026, 11, 23, 5, 48, tzinfo=UTC
    )
    assert article_of("Kop").times.received == record
    assert article_of("Kop", received="vanochtend").times.received == record


def test_source() -> None:
    assert article_of("Kop").source == "unknown"
    assert article_of("Kop", source="belga").source == "belga"
    assert article_of("Kop", Normalise(sources=["belga"]), source="belga").source == "belga"
    assert article_of("Kop", Normalise(sources=["belga"]), source="iets").source == "other"
    assert article_of("Kop", Normalise(sources=["belga"])).source == "unknown"


def test_wire_digest_covers_the_payload_and_the_headers_that_change_the_result() -> None:
    plain = article_of("Kop").wire_sha256
    assert plain == article_of("Kop", received="2026-11-23T06:48:00Z").wire_sha256
    others = [article_of("Kop!"), article_of("Kop", source="belga"), article_of("Kop", language="fr")]
    assert len({plain, *(article.wire_sha256 for article in others)}) == 4


def test_dateline_from_the_feed_where_the_text_has_none() -> None:
    dateline = article_of({"headline": "Kop", "located": "Malmedy"}).dateline
    assert dateline is not None
    assert (dateline.place, dateline.date) == ("Malmedy", None)


def test_the_declared_language_holds() -> None:
    language = article_of({"headline": "Kop", "body_text": DUTCH, "language": "nl-be"}).language
    assert (language.code, language.region, language.from_) == ("nl", "BE", LanguageFrom.DECLARED)
    assert language.confidence > 0.9


def test_the_header_declares_where_the_item_does_not() -> None:
    assert article_of("Film wint prijs", language="nl_NL").language.region == "NL"
    assert article_of({"headline": "Kop", "language": "nl-BE"}, language="fr").language.code == "nl"


@pytest.mark.parametrize("declared", ["nl-BE", None, "und", "klingon!"])
def test_a_long_text_in_another_language_is_detected(declared: str | None) -> None:
    article = article_of({"body_text": FRENCH, "language": declared})
    assert (article.language.code, article.language.region) == ("fr", None)
    assert article.language.from_ is LanguageFrom.DETECTED
    assert article.skipped is Skipped.UNSUPPORTED_LANGUAGE
    assert article.text


def test_a_short_text_takes_the_declared_or_the_default_language() -> None:
    assert article_of({"headline": "Le Figaro", "language": "nl"}).language.code == "nl"
    assert article_of("Le Figaro").language.code == "nl"
    assert article_of("Film", Normalise(default_language="fr")).skipped is Skipped.UNSUPPORTED_LANGUAGE
    assert article_of("Film", Normalise(default_language="fr", languages=["nl", "fr"])).skipped is None


def test_figures_alone_say_nothing_of_a_language() -> None:
    language = article_of("Uitslagen\n\n" + "3-0, 1-1, 2-2, 0-1, 2-1. " * 20).language
    assert language.code == "nl"


def test_a_dutch_article_with_a_french_quote_is_dutch() -> None:
    text = f"{DUTCH[:200]} “C'est un accord historique pour notre pays”, zei hij."
    for declared in ("nl-BE", None):
        assert article_of({"body_text": text, "language": declared}).language.code == "nl"


def test_a_declared_language_that_is_not_among_the_detected_ones_holds() -> None:
    article = article_of(
        {"body_text": "Google har kjøpt en tomt på nærmere 2.000 mål i Skien. " * 5, "language": "nb-NO"}
    )
    assert (article.language.code, article.skipped) == ("nb", Skipped.UNSUPPORTED_LANGUAGE)


def test_the_sample_wire() -> None:
    normalise = Normalise()
    for path in sorted(SAMPLE.glob("[0-9]*")):
        outcome = normalise(Message(value=path.read_bytes()))
        if path.name.startswith("047"):
            assert isinstance(outcome, DeadLetter), path.name
            continue
        assert isinstance(outcome, Ok), (path.name, outcome)
        article = outcome.value
        assert article.headline, path.name
        assert article.text.startswith(article.headline)
        assert "(NPD)" not in article.text[:200]
        for block in article.blocks:
            if block.kind is BlockKind.PULL_QUOTE:
                assert block.speaker_name and block.role and block.repeats_body, path.name
