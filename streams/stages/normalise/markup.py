"""HTML bodies as lines."""

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from streams.stages.normalise.characters import clean_line
from streams.stages.normalise.lines import Break, Form, Line

_DROPPED = frozenset((
    "script", "style", "iframe", "noscript", "template", "svg", "video", "audio", "picture", "form",
    "button", "nav", "select", "object", "embed", "canvas", "math", "head", "textarea",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "img",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong"))
_LOOKED_INTO = frozenset(("figure", "table", "aside"))
_PULL_QUOTE_CLASS = re.compile(r"quote|streamer|citaat", re.IGNORECASE)
_HEADING_WORDS = 12
_LINKS_SHARE = 0.5

# A parser's time grows with the square of the depth; text nested deeper than this is no article.
_MANY_TAGS = 2_000
_DEEPEST = 100
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
# As HTML reads a tag: a bracket in a value or a name is part of it, and without an end it goes on to the text's.
_ATTRIBUTE = re.compile(r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+))?+")
_WHOLE_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/<>]*+)((?:{_ATTRIBUTE.pattern})*+)[\s/]*+>?")
_MANY_ATTRIBUTES = 100  # a parser compares each of an element with all others
_LOOKS = 8  # elements within each other that are looked through for what they hold: each is read once more
_UNCLOSED = frozenset((
    "p", "li", "br", "hr", "img", "td", "th", "tr", "dt", "dd", "input", "meta", "link", "source",
    "wbr", "col", "area", "base", "embed", "param", "track",
))  # fmt: skip


def html_lines(html: str) -> list[Line]:
    """The lines of an HTML body or page, without scripts, pictures, captions and tables of figures."""
    html = _WHOLE_TAG.sub(_with_few_attributes, html)
    if _too_deep(html):
        html = _WHOLE_TAG.sub("\n", html)
    body = LexborHTMLParser(html).body
    if body is None:
        return []
    walk = _Walk()
    walk.run(body)
    return walk.lines


def has_markup(text: str) -> bool:
    """Whether a text that should be plain has tags in it."""
    return bool(_TAG.search(text))


def html_text(html: str) -> str:
    """The text of a short piece of HTML, on one line."""
    return " ".join(line.text for line in html_lines(html))


def _too_deep(html: str) -> bool:
    if html.count("<") < _MANY_TAGS:
        return False
    depth = deepest = 0
    for closing, name, _ in _WHOLE_TAG.findall(html):
        if name.lower() not in _UNCLOSED:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _with_few_attributes(tag: re.Match[str]) -> str:
    if len(tag[3]) < _MANY_ATTRIBUTES:
        return tag[0]
    beyond = next(islice(_ATTRIBUTE.finditer(tag[3]), _MANY_ATTRIBUTES, None), None)
    return f"<{tag[1]}{tag[2]}{tag[3][: beyond.start()]}>" if beyond else tag[0]


class _Walk:
    """One pass over the tree, without recursion."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._before = Break.PARAGRAPH
        self._forms = [Form.TEXT]
        self._bold = 0
        self._all_bold = True  # so far on this line
        self._looked_into = 0  # open elements

    def run(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        depth = 0
        while node is not None:
            if self._enter(node):
                if node.child is not None:
                    node, depth = node.child, depth + 1
                    continue
                self._leave(node)
            while depth and node.next is None and node.parent is not None:
                node, depth = node.parent, depth - 1
                self._leave(node)
            node = node.next if depth else None
        self._end_line(Break.PARAGRAPH)

    def _enter(self, node: LexborNode) -> bool:
        """Takes in a node; true if its children follow, and then `_leave`."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(node.text_content or "")
            return False
        if tag == "br":
            self._end_line(Break.SOFT)
            return False
        if tag.startswith("-") or tag in _DROPPED:
            return False
        if tag in _BOLD:
            self._bold += 1
        elif self._is_block(tag):
            self._end_line(Break.PARAGRAPH)
            if tag in _LOOKED_INTO and self._looked_into < _LOOKS and _is_aside(node, tag):
                return False
            self._forms.append(self._form(node, tag))
            self._looked_into += tag in _LOOKED_INTO
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BOLD:
            self._bold -= 1
        elif self._is_block(tag):
            self._end_line(Break.PARAGRAPH)
            self._looked_into -= tag in _LOOKED_INTO
            self._forms.pop()
            if self._forms[-1] is not Form.QUOTE:
                self._before = Break.PARAGRAPH

    def _is_block(self, tag: str) -> bool:
        return tag not in _INLINE or (tag == "cite" and self._forms[-1] is Form.QUOTE)

    def _form(self, node: LexborNode, tag: str) -> Form:
        outer = self._forms[-1]
        if outer is Form.QUOTE or tag == "blockquote":
            return Form.QUOTE
        if (tag != "figure" or self._looked_into < _LOOKS) and _is_pull_quote(node, tag):
            return Form.QUOTE
        if tag in _HEADINGS:
            return Form.HEADING
        return Form.ITEM if tag == "li" else outer

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._all_bold = self._all_bold and (self._bold > 0 or text.isspace())

    def _end_line(self, after: Break) -> None:
        """Ends the line; `after` stands before the next one. Two <br> make a paragraph, and so does an
        element, except within a quote, whose lines stay together."""
        text = clean_line("".join(self._pieces))
        form = self._forms[-1]
        if text:
            if form is Form.TEXT and self._all_bold and _could_be_heading(text):
                form = Form.HEADING
            self.lines.append(Line(text, form, self._before))
            self._before = Break.SOFT if form is Form.QUOTE else after
        elif form is not Form.QUOTE:
            self._before = Break.PARAGRAPH
        self._pieces.clear()
        self._all_bold = True


def _is_aside(node: LexborNode, tag: str) -> bool:
    """Whether an element is no part of the running text."""
    if tag == "figure":  # a picture with its caption; but it may hold a quote with its speaker
        return not _is_pull_quote(node, tag)
    if tag == "table":  # figures, unless it only lays out a page
        return any(len(row.css("td, th")) > 1 for row in node.css("tr"))
    if tag == "aside" and not _is_pull_quote(node, tag):  # a list of links to other articles
        links = sum(len(link.text(strip=True)) for link in node.css("a"))
        return links > _LINKS_SHARE * len(node.text(strip=True))
    return False


def _is_pull_quote(node: LexborNode, tag: str) -> bool:
    if tag == "figure":
        return node.css_first("blockquote") is not None
    return tag in ("aside", "div", "p") and bool(_PULL_QUOTE_CLASS.search(node.attributes.get("class") or ""))


def _could_be_heading(text: str) -> bool:
    return len(text.split()) <= _HEADING_WORDS and not text.endswith((".", ",", ":", ";"))
