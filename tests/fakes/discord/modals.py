"""The rules for modals: what a form that pops up may hold (documentation: components/reference)."""

from __future__ import annotations

from tests.fakes.discord.components import (
    LABEL,
    OPTION,
    ROW,
    SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    unique_custom_ids,
)
from tests.fakes.discord.errors import JSON
from tests.fakes.discord.form import (
    ByType,
    Check,
    Form,
    Listing,
    Path,
    Shape,
    boolean,
    integer,
    one_of,
    text,
)

FILE_UPLOAD, RADIO, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23


def _kind(number: int) -> dict[str, Check]:
    return {"type": one_of(number), "id": integer(0, 2**31 - 1)}


def _text_input(form: Form, path: Path, value: JSON) -> None:
    low, high, preset = value.get("min_length"), value.get("max_length"), value.get("value")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        form.add((*path, "min_length"), "TEXT_INPUT_MIN_LENGTH", "min_length is larger than max_length")
    if isinstance(preset, str) and isinstance(high, int) and len(preset) > high:
        form.add((*path, "value"), "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")


def _labelled(form: Form, path: Path, value: JSON) -> None:
    inner = value.get("components")
    for index, item in enumerate(inner if isinstance(inner, list) else []):
        if isinstance(item, dict) and not item.get("label"):
            form.add((*path, "components", index, "label"), "BASE_TYPE_REQUIRED", "This field is required")
    if isinstance(inner, list) and len(inner) > 1:
        message = "The specified component exceeds the maximum width"
        form.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _unlabelled(form: Form, path: Path, value: JSON) -> None:
    inner = value.get("component")
    if isinstance(inner, dict) and inner.get("label") is not None:
        message = "The 'label' field cannot be used inside a Label component"
        form.add((*path, "component", "label"), "COMPONENT_LABEL_NOT_ALLOWED", message)


TEXT_INPUT_SHAPE = Shape(
    "TextInputComponentForModalRequest",
    {
        **_kind(TEXT_INPUT),
        "custom_id": text(1, 100),
        "style": one_of(1, 2),
        "label": text(1, 45),
        "value": text(0, 4000),
        "placeholder": text(0, 100),
        "required": boolean,
        "min_length": integer(0, 4000),
        "max_length": integer(1, 4000),
    },
    frozenset({"custom_id", "style"}),
    (_text_input,),
)
_PLAIN_OPTION = Shape(
    "RadioGroupOptionForRequest",
    {"label": text(1, 100), "value": text(1, 100), "description": text(0, 100), "default": boolean},
    frozenset({"label", "value"}),
)
_FIELDS: dict[int, Shape] = {
    TEXT_INPUT: TEXT_INPUT_SHAPE,
    SELECT: Shape(
        "StringSelectComponentForModalRequest",
        {
            **_kind(SELECT),
            "custom_id": text(1, 100),
            "placeholder": text(0, 150),
            "min_values": integer(0, 25),
            "max_values": integer(1, 25),
            "disabled": boolean,
            "required": boolean,
            "options": Listing(OPTION, 1, 25),
        },
        frozenset({"custom_id", "options"}),
    ),
    FILE_UPLOAD: Shape(
        "FileUploadComponentForModalRequest",
        {
            **_kind(FILE_UPLOAD),
            "custom_id": text(1, 100),
            "min_values": integer(0, 10),
            "max_values": integer(1, 10),
            "required": boolean,
        },
        frozenset({"custom_id"}),
    ),
    RADIO: Shape(
        "RadioGroupComponentForModalRequest",
        {
            **_kind(RADIO),
            "custom_id": text(1, 100),
            "required": boolean,
            "options": Listing(_PLAIN_OPTION, 2, 10),
        },
        frozenset({"custom_id", "options"}),
    ),
    CHECKBOX_GROUP: Shape(
        "CheckboxGroupComponentForModalRequest",
        {
            **_kind(CHECKBOX_GROUP),
            "custom_id": text(1, 100),
            "min_values": integer(0, 10),
            "max_values": integer(1, 10),
            "required": boolean,
            "options": Listing(_PLAIN_OPTION, 1, 10),
        },
        frozenset({"custom_id", "options"}),
    ),
    CHECKBOX: Shape(
        "CheckboxComponentForModalRequest",
        {**_kind(CHECKBOX), "custom_id": text(1, 100), "default": boolean},
        frozenset({"custom_id"}),
    ),
}
LABEL_SHAPE = Shape(
    "LabelComponentForModalRequest",
    {**_kind(LABEL), "label": text(1, 45), "description": text(1, 100), "component": ByType(_FIELDS)},
    frozenset({"label", "component"}),
    (_unlabelled,),
)
MODAL = Shape(
    "ModalInteractionCallbackRequestData",
    {
        "custom_id": text(1, 100),
        "title": text(1, 45),
        "components": Listing(
            ByType(
                {
                    ROW: Shape(
                        "ActionRowComponentForModalRequest",
                        {**_kind(ROW), "components": Listing(ByType({TEXT_INPUT: TEXT_INPUT_SHAPE}), 1, 5)},
                        frozenset({"components"}),
                        (_labelled,),
                    ),
                    LABEL: LABEL_SHAPE,
                    TEXT_DISPLAY: Shape(
                        "TextDisplayComponentForModalRequest",
                        {**_kind(TEXT_DISPLAY), "content": text(1, 4000)},
                        frozenset({"content"}),
                    ),
                }
            ),
            1,
            5,
        ),
    },
    frozenset({"custom_id", "title", "components"}),
    (lambda form, path, value: unique_custom_ids(form, (*path, "components"), value.get("components")),),
)
