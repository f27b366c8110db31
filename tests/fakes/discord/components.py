"""The rules for buttons, selects, Components V2 and modals (documentation: components/reference)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.errors import JSON
from tests.fakes.discord.form import (
    ByType,
    Check,
    Form,
    Listing,
    Path,
    Shape,
    anything,
    boolean,
    integer,
    one_of,
    snowflake,
    text,
    url,
)

ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
SELECTS = frozenset({3, 5, 6, 7, 8})
LINK_STYLE, PREMIUM_STYLE = 5, 6
MAX_ROW_WIDTH = 5
MAX_V2_COMPONENTS = 40
MAX_V2_TEXT = 4000
_EMOJI_OUTSIDE_SO = frozenset("‼⁉↔↕↖↗↘↙↩↪▶◀◾◽ℹ")  # emoji that Unicode does not class as "symbol, other"


def walk(components: Any) -> Iterator[JSON]:
    """Yield every component, nested ones included, in the order they are shown."""
    for component in components if isinstance(components, list) else []:
        if isinstance(component, dict):
            yield component
            yield from walk(component.get("components"))
            yield from walk([component.get(key) for key in ("accessory", "component")])


def _emoji(form: Form, path: Path, value: JSON) -> None:
    name = value.get("name") or ""
    if value.get("id") is None and not (_is_emoji(name) if isinstance(name, str) else False):
        form.add((*path, "name"), "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")


def _is_emoji(name: str) -> bool:
    symbols = any(
        unicodedata.category(char) == "So" or char in _EMOJI_OUTSIDE_SO or char == "\N{COMBINING ENCLOSING KEYCAP}"
        for char in name
    )
    return symbols and not any(char.isalpha() and char not in _EMOJI_OUTSIDE_SO for char in name)


def _button(form: Form, path: Path, value: JSON) -> None:
    style = value.get("style")
    if style == PREMIUM_STYLE:
        return
    wanted, unwanted = ("url", "custom_id") if style == LINK_STYLE else ("custom_id", "url")
    if value.get(wanted) is None:
        form.add((*path, wanted), "BASE_TYPE_REQUIRED", f"A button of style {style} must have a {wanted}")
    if value.get(unwanted) is not None:
        form.add(
            (*path, unwanted),
            "BUTTON_COMPONENT_CUSTOM_ID_URL",
            "A custom id and url cannot both be specified",
        )
    if not (value.get("label") or "").strip() and value.get("emoji") is None:
        form.add((*path, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI", "A button needs a label or an emoji")


def _select(form: Form, path: Path, value: JSON) -> None:
    low, high = value.get("min_values"), value.get("max_values")
    low, high = (1 if low is None else low), (1 if high is None else high)
    options = value.get("options")
    options = options if isinstance(options, list) else None
    if not (isinstance(low, int) and isinstance(high, int)):
        return
    if low > high:
        form.add((*path, "min_values"), "SELECT_COMPONENT_MIN_VALUES", "min_values is larger than max_values")
    if options is not None and high > len(options):
        form.add(
            (*path, "max_values"),
            "SELECT_COMPONENT_MAX_VALUES",
            "max_values is larger than the number of options",
        )
    values = [option.get("value") for option in options or [] if isinstance(option, dict)]
    for index, item in enumerate(values):
        if item in values[:index]:
            place = (*path, "options", index, "value")
            form.add(
                place,
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )


def _row(form: Form, path: Path, value: JSON) -> None:
    inner = value.get("components")
    if not isinstance(inner, list):
        return
    width = sum(1 if isinstance(item, dict) and item.get("type") == BUTTON else MAX_ROW_WIDTH for item in inner)
    if width > MAX_ROW_WIDTH:
        message = "The specified component exceeds the maximum width"
        form.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _kind(number: int) -> dict[str, Check]:
    return {"type": one_of(number), "id": integer(0, 2**31 - 1)}


EMOJI = Shape(
    "ComponentEmojiForRequest",
    {"id": snowflake, "name": text(1, 32)},
    frozenset({"name"}),
    (_emoji,),
)
OPTION = Shape(
    "StringSelectOptionForRequest",
    {
        "label": text(1, 100),
        "value": text(1, 100),
        "description": text(0, 100),
        "default": boolean,
        "emoji": EMOJI,
    },
    frozenset({"label", "value"}),
)
BUTTON_SHAPE = Shape(
    "ButtonComponentForMessageRequest",
    {
        **_kind(BUTTON),
        "custom_id": text(1, 100),
        "style": one_of(1, 2, 3, 4, 5, 6),
        "label": text(0, 80),
        "disabled": boolean,
        "url": url(512, ("http://", "https://", "discord://")),
        "sku_id": snowflake,
        "emoji": EMOJI,
    },
    frozenset({"style"}),
    (_button,),
)
_SELECT: dict[str, Check] = {
    "custom_id": text(1, 100),
    "placeholder": text(0, 150),
    "min_values": integer(0, 25),
    "max_values": integer(1, 25),
    "disabled": boolean,
    "required": boolean,
}
SELECT_SHAPE = Shape(
    "StringSelectComponentForMessageRequest",
    {**_kind(SELECT), **_SELECT, "options": Listing(OPTION, 1, 25)},
    frozenset({"custom_id", "options"}),
    (_select,),
)
_ENTITY_SELECTS = {
    number: Shape(
        f"{name}SelectComponentForMessageRequest",
        {**_kind(number), **_SELECT, "default_values": anything} | ({"channel_types": anything} if number == 8 else {}),
        frozenset({"custom_id"}),
        (_select,),
    )
    for number, name in {5: "User", 6: "Role", 7: "Mentionable", 8: "Channel"}.items()
}
ROW_SHAPE = Shape(
    "ActionRowComponentForMessageRequest",
    {
        **_kind(ROW),
        "components": Listing(ByType({BUTTON: BUTTON_SHAPE, SELECT: SELECT_SHAPE, **_ENTITY_SELECTS}), 1, 5),
    },
    frozenset({"components"}),
    (_row,),
)

MEDIA = Shape("UnfurledMediaRequest", {"url": url()}, frozenset({"url"}))
FILE_MEDIA = Shape(
    "UnfurledMediaRequestWithAttachmentReferenceRequired",
    {"url": url(2048, ("attachment://",))},
    frozenset({"url"}),
)
TEXT_SHAPE = Shape(
    "TextDisplayComponentForMessageRequest",
    {**_kind(TEXT_DISPLAY), "content": text(1, 4000)},
    frozenset({"content"}),
)
_DESCRIBED: dict[str, Check] = {"description": text(1, 1024), "spoiler": boolean, "media": MEDIA}
THUMBNAIL_SHAPE = Shape("ThumbnailComponentForMessageRequest", {**_kind(THUMBNAIL), **_DESCRIBED}, frozenset({"media"}))
GALLERY_SHAPE = Shape(
    "MediaGalleryComponentForMessageRequest",
    {
        **_kind(GALLERY),
        "items": Listing(Shape("MediaGalleryItemRequest", _DESCRIBED, frozenset({"media"})), 1, 10),
    },
    frozenset({"items"}),
)
FILE_SHAPE = Shape(
    "FileComponentForMessageRequest",
    {**_kind(FILE), "spoiler": boolean, "file": FILE_MEDIA},
    frozenset({"file"}),
)
SEPARATOR_SHAPE = Shape(
    "SeparatorComponentForMessageRequest",
    {**_kind(SEPARATOR), "spacing": one_of(1, 2), "divider": boolean},
)
SECTION_SHAPE = Shape(
    "SectionComponentForMessageRequest",
    {
        **_kind(SECTION),
        "components": Listing(ByType({TEXT_DISPLAY: TEXT_SHAPE}), 1, 3),
        "accessory": ByType({BUTTON: BUTTON_SHAPE, THUMBNAIL: THUMBNAIL_SHAPE}),
    },
    frozenset({"components", "accessory"}),
)
_BLOCKS = {
    ROW: ROW_SHAPE,
    SECTION: SECTION_SHAPE,
    TEXT_DISPLAY: TEXT_SHAPE,
    GALLERY: GALLERY_SHAPE,
    FILE: FILE_SHAPE,
    SEPARATOR: SEPARATOR_SHAPE,
}
CONTAINER_SHAPE = Shape(
    "ContainerComponentForMessageRequest",
    {
        **_kind(CONTAINER),
        "accent_color": integer(0, 0xFFFFFF),
        "components": Listing(ByType(_BLOCKS), 1, MAX_V2_COMPONENTS),
        "spoiler": boolean,
    },
    frozenset({"components"}),
)
CLASSIC = Listing(ByType({ROW: ROW_SHAPE}), 0, 5)
V2 = Listing(ByType({**_BLOCKS, CONTAINER: CONTAINER_SHAPE}), 0, MAX_V2_COMPONENTS)


def unique_custom_ids(form: Form, path: Path, components: Any) -> None:
    """Check that no two components of a message carry the same custom id."""
    seen: set[str] = set()
    for component in walk(components):
        custom_id = component.get("custom_id")
        if isinstance(custom_id, str) and custom_id in seen:
            message = "Component custom id cannot be duplicated"
            form.add(path, "COMPONENT_CUSTOM_ID_DUPLICATED", f"{message}: {custom_id}")
        seen.add(str(custom_id))


def check_v2_totals(form: Form, path: Path, components: Any) -> None:
    """Check the limits that hold over all components of a V2 message together."""
    everything = list(walk(components))
    if len(everything) > MAX_V2_COMPONENTS:
        message = f"The total number of components cannot exceed {MAX_V2_COMPONENTS}"
        form.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    if sum(len(str(item.get("content", ""))) for item in everything if item.get("type") == TEXT_DISPLAY) > MAX_V2_TEXT:
        message = f"The total text of all components cannot exceed {MAX_V2_TEXT}"
        form.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
