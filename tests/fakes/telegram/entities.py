"""Telegram's HTML: a parser as strict as the server's, with its error texts, and the trimming after it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.links import checked_link, user_of_link

Entity = dict[str, Any]

MAX_SOURCE_BYTES: Final = 32768
MAX_ENTITIES: Final = 100
_KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_ATTRIBUTES: Final = {
    "a": {"href"},
    "code": {"class"},
    "span": {"class"},
    "blockquote": {"expandable"},
    "tg-emoji": {"emoji-id"},
    "tg-time": {"unix", "format"},
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*))")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s=>/\"'\0]+")
_NAME_TOKEN: Final = re.compile(r"[A-Za-z0-9.-]*")
_WORD: Final = re.compile(r"[^\s>\0]*")
_BLANKS: Final = re.compile(r"[\s\0]*")
_AUTOMATIC: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{3,31})(?!\w)"
    r"|(?<![\w/<>@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?)(?![\w/])"
    r"|(?<![\w#])(?P<hashtag>#(?=\w*[^\W\d_])\w{1,256})",
    re.ASCII,
)
_CONTROL: Final = {code: " " for code in range(33) if code not in (10, 13)}
_REMOVED: Final = dict.fromkeys((13, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A))
_BLANK_CHARACTERS: Final = (
    " \n\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u200e\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
)


@dataclass(slots=True)
class Formatted:
    """A text and its entities; `remarks` are what the server lets pass although nobody can have meant it."""

    text: str
    entities: list[Entity] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    units: int
    start: int


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how entities count."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """Apply the server's cleaning: control characters become spaces, some vanish."""
    return text.translate(_CONTROL).translate(_REMOVED)


def parse_html(source: str) -> Formatted:
    """Parse `source` as parse mode HTML.

    Raises:
        ApiError: the server's `can't parse entities: …`.
    """
    return _Reader(clean(source)).read()


def automatic(text: str, taken: list[Entity]) -> list[Entity]:
    """Find the links, mentions, hashtags and commands that the server marks by itself."""
    found: list[Entity] = []
    for match in _AUTOMATIC.finditer(text):
        kind = str(match.lastgroup)
        offset, length = units(text[: match.start()]), units(match.group())
        if not any(_overlap(entity, offset, length) for entity in taken):
            found.append({"type": kind, "offset": offset, "length": length})
    return found


def _overlap(entity: Entity, offset: int, length: int) -> bool:
    if entity["type"] not in ("code", "pre", "text_link", "text_mention", "custom_emoji"):
        return False
    return bool(entity["offset"] < offset + length and offset < entity["offset"] + entity["length"])


def finish(formatted: Formatted) -> Formatted:
    """Trim both ends, cut the entities to fit, add the automatic ones, and keep the first hundred."""
    text = formatted.text.rstrip(" \n")
    end = units(text)
    entities = [dict(entity) for entity in formatted.entities if entity["offset"] < end]
    for entity in entities:
        entity["length"] = min(entity["length"], end - entity["offset"])
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    for entity in entities:
        entity["offset"] -= lead
    text = text[lead:]
    entities += automatic(text, entities)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, entities[:MAX_ENTITIES], formatted.remarks)


def is_blank(text: str) -> bool:
    """Tell whether nothing of `text` can be seen."""
    return not text.strip(_BLANK_CHARACTERS)


class _Reader:
    """One pass over the source; `pos` is where we are, `out` what has been read, `stack` the open tags."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pos = 0
        self.out: list[str] = []
        self.units = 0
        self.stack: list[_Open] = []
        self.result = Formatted("")

    def read(self) -> Formatted:
        while self.pos < len(self.source):
            character = self.source[self.pos]
            if character == "&":
                self._emit(self._reference())
            elif character != "<":
                self._emit(character)
                self.pos += 1
            elif self.source.startswith("/", self.pos + 1):
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self.stack[-1].tag}\""
            )
        self.result.text = "".join(self.out)
        for entity in self.result.entities:
            entity.pop("_class", None)
        self.result.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self.result

    def _fail(self, reason: str, at: int, rest: str = "") -> NoReturn:
        offset = len(self.source[:at].encode())
        raise bad_request(f"can't parse entities: {reason} at byte offset {offset}{rest}")

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.units += units(text)

    def _reference(self) -> str:
        """Read a character reference; one the server does not know stays as it is."""
        match = _REFERENCE.match(self.source, self.pos)
        if match is None:  # cannot happen: the pattern begins with the ampersand we stand on
            raise AssertionError
        hexadecimal, decimal, name = match.groups()
        decoded = _NAMED.get(name or "")
        if name is None:
            code = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
            fits = 0 < code < 0x10FFFF and len(match.group()) < 10
            decoded = chr(code) if fits else None
        if decoded is None:
            self.pos += 1
            self.result.remarks.append(f"an unescaped & is shown as it is: {match.group()!r}")
            return "&"
        if "\ud800" <= decoded <= "\udfff":
            raise bad_request(
                "can't parse entities: Text contains invalid Unicode characters after decoding HTML "
                "entities, check for unmatched surrogate code units"
            )
        self.pos = match.end() + self.source.startswith(";", match.end())
        return decoded

    def _start_tag(self) -> None:
        begin = self.pos
        end = self._match_end(_WORD, begin + 1)
        if end == len(self.source):
            self._fail("Unclosed start tag", begin)
        tag = self.source[begin + 1 : end].lower()
        if tag not in _KINDS:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        self.pos = end
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.stack.append(_Open(tag, attributes, self.units, len(self.out)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self.pos = self._match_end(_BLANKS, self.pos)
            if self.source.startswith(">", self.pos):
                self.pos += 1
                return found
            match = _ATTRIBUTE_NAME.match(self.source, self.pos)
            if match is None:
                self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            name = match.group()
            self.pos = self._match_end(_BLANKS, match.end())
            if self.pos == len(self.source):
                self._fail(f'Unclosed start tag "{tag}"', begin)
            found[name] = self._value(tag, begin) if self.source[self.pos] == "=" else ""
            if name not in _ATTRIBUTES.get(tag, ()):
                self.result.remarks.append(f"<{tag}> has no attribute {name!r}")

    def _value(self, tag: str, begin: int) -> str:
        self.pos = self._match_end(_BLANKS, self.pos + 1)
        if self.pos == len(self.source):
            self._fail(f'Unclosed start tag "{tag}"', begin)
        quote = self.source[self.pos]
        value = self._quoted(quote) if quote in "'\"" else self._token()
        if self.pos >= len(self.source):
            self._fail("Unclosed start tag", begin)
        return value

    def _quoted(self, quote: str) -> str:
        self.pos += 1
        value: list[str] = []
        while self.pos < len(self.source) and self.source[self.pos] != quote:
            if self.source[self.pos] == "&":
                value.append(self._reference())
            else:
                value.append(self.source[self.pos])
                self.pos += 1
        self.pos += 1
        return "".join(value)

    def _token(self) -> str:
        begin = self.pos
        self.pos = self._match_end(_NAME_TOKEN, begin)
        if self.pos < len(self.source) and self.source[self.pos] not in "> \t\r\n":
            self._fail("Unexpected end of name token", begin)
        return self.source[begin : self.pos].lower()

    def _end_tag(self) -> None:
        begin = self.pos
        if not self.stack:
            self._fail("Unexpected end tag", begin)
        end = self._match_end(_WORD, begin + 2)
        tag = self.source[begin + 2 : end].lower()
        self.pos = self._match_end(_BLANKS, end)
        if not self.source.startswith(">", self.pos):
            self._fail("Unclosed end tag", begin)
        self.pos += 1
        opened = self.stack.pop()
        if tag and tag != opened.tag:
            self._fail("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{tag}>"')
        if self.units > opened.units:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": _KINDS[opened.tag],
            "offset": opened.units,
            "length": self.units - opened.units,
        }
        if opened.tag == "a":
            self._link(entity, opened.attributes.get("href") or "".join(self.out[opened.start :]))
            return
        if opened.tag == "pre" and self._language(entity):
            return
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "code":
            entity["_class"] = opened.attributes.get("class", "")
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = self._emoji(opened.attributes.get("emoji-id", ""))
        if opened.tag == "tg-time":
            entity["unix_time"] = int(opened.attributes.get("unix") or 0)
            entity["date_time_format"] = opened.attributes.get("format", "")
        self._add(entity)

    def _add(self, entity: Entity) -> None:
        self.result.entities.append(entity)

    def _language(self, pre: Entity) -> bool:
        """Merge `<pre><code class="language-x">` into one entity."""
        last = self.result.entities[-1] if self.result.entities else {}
        language = str(last.pop("_class", ""))
        same = (last.get("offset"), last.get("length")) == (pre["offset"], pre["length"])
        if not same or not language.startswith("language-"):
            return False
        last.update(type="pre", language=language.removeprefix("language-"))
        return True

    def _emoji(self, identifier: str) -> str:
        if not identifier.isdecimal() or int(identifier) == 0:
            raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
        return identifier

    def _link(self, entity: Entity, target: str) -> None:
        user = user_of_link(target)
        url = checked_link(target)
        if user is not None:
            self._add(entity | {"type": "text_mention", "_user": user})
        elif url is not None:
            self._add(entity | {"url": url})
        else:
            self.result.remarks.append(f"a link that leads nowhere is dropped: {target!r}")

    def _match_end(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.source, at)
        return at if match is None else match.end()
