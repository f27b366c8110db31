"""The courier: one call to Telegram per message, with the second choice where Telegram refuses the first."""

from __future__ import annotations

import logging
from typing import Final

from telegram import Bot, InputFile, InputMediaPhoto, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.platforms.telegram.errors import is_topic_gone, is_unchanged, is_uneditable, is_unparsable, scrub
from bot.platforms.telegram.render import Part
from bot.platforms.telegram.updates import Place

_LOG: Final = logging.getLogger(__name__)
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_PICTURE_NAME: Final = "picture.png"


class Courier:
    """Carries parts to places; what goes wrong otherwise is raised as the library raises it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, place: Place, part: Part, *, silent: bool) -> str:
        """Send a new message and return its id; a topic that is gone falls back to the general one."""
        try:
            return await self._send(place, part, silent=silent, html=True)
        except BadRequest as exc:
            if is_topic_gone(exc) and place.thread_id is not None:
                return await self.send(Place(place.chat_id), part, silent=silent)
            if not is_unparsable(exc):
                raise
            _LOG.error("our own bug: Telegram cannot read our markup: %s", scrub(str(exc)))
        return await self._send(place, part, silent=silent, html=False)

    async def edit(self, place: Place, message_id: int, part: Part) -> bool:
        """Let a message show `part`; return False when it cannot be edited and a new one is needed."""
        try:
            await self._edit(place, message_id, part, html=True)
        except BadRequest as exc:
            if is_unchanged(exc) or is_uneditable(exc):
                return is_unchanged(exc)
            if not is_unparsable(exc):
                raise
            _LOG.error("our own bug: Telegram cannot read our markup: %s", scrub(str(exc)))
            await self._edit(place, message_id, part, html=False)
        return True

    async def answer(self, query: str, text: str) -> None:
        """End the little clock on a pressed button; a `text` is shown to the presser alone."""
        await self._bot.answer_callback_query(query, text=text or None, show_alert=True if text else None)

    async def _send(self, place: Place, part: Part, *, silent: bool, html: bool) -> str:
        text = part.html if html else part.plain
        if part.picture is not None:
            message = await self._bot.send_photo(
                place.chat_id,
                InputFile(part.picture, filename=_PICTURE_NAME),
                caption=text or None,
                parse_mode=ParseMode.HTML if html else None,
                disable_notification=silent,
                reply_markup=part.markup,
                message_thread_id=place.thread_id,
            )
        else:
            message = await self._bot.send_message(
                place.chat_id,
                text,
                parse_mode=ParseMode.HTML if html else None,
                link_preview_options=_NO_PREVIEW,
                disable_notification=silent,
                reply_markup=part.markup,
                message_thread_id=place.thread_id,
            )
        return str(message.message_id)

    async def _edit(self, place: Place, message_id: int, part: Part, *, html: bool) -> None:
        text = part.html if html else part.plain
        mode = ParseMode.HTML if html else None
        if part.picture is not None:
            picture = InputFile(part.picture, filename=_PICTURE_NAME, attach=True)
            await self._bot.edit_message_media(
                InputMediaPhoto(picture, caption=text or None, parse_mode=mode),
                chat_id=place.chat_id,
                message_id=message_id,
                reply_markup=part.markup,
            )
        else:
            await self._bot.edit_message_text(
                text,
                chat_id=place.chat_id,
                message_id=message_id,
                parse_mode=mode,
                link_preview_options=_NO_PREVIEW,
                reply_markup=part.markup,
            )
