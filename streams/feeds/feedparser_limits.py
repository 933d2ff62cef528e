"""feedparser without what takes time with the square of an entry's length and is not read here.

It looks for an address in an author's name with a pattern that tries every start and every end (20 kB took a second),
and compares each category with all before it. Neither can be switched off.
"""

from feedparser.mixin import _FeedParserMixin


def leave_out_authors_and_categories() -> None:
    """Entries have no details of authors, and no tags, from then on. May be called more than once."""
    _FeedParserMixin._sync_author_detail = lambda *_: None
    _FeedParserMixin._add_tag = lambda self, *_: self._get_context().setdefault("tags", [])
