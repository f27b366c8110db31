"""The bridge between Telegram and the use cases: opens, listens, pushes, closes."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final, Literal

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.core.message import Message
from bot.platforms.pacer import Pacer
from bot.platforms.patience import Patience, Wait
from bot.platforms.telegram.courier import Courier
from bot.platforms.telegram.errors import SetupRefusedError, TokenRejectedError, scrub
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.mail import Letter, Mail
from bot.platforms.telegram.menus import tell_menus
from bot.platforms.telegram.polling import Poller, RawBot
from bot.platforms.telegram.updates import ALLOWED, PLATFORM, Me, Place
from bot.platforms.telegram.webhook import Webhook
from bot.platforms.telegram.wire import TOKEN, WEBHOOK_SECRET, AiohttpWire, Secrets
from bot.study.chat import Outcome
from bot.study.desk import Study

_LOG: Final = logging.getLogger(__name__)
_GRACE: Final = timedelta(seconds=5)
_OPENING_ATTEMPTS: Final = 5
_REJECTIONS: Final = 3
_CONNECTIONS: Final = 32
_POLLING_CONNECTIONS: Final = 4
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach Telegram.

    Attributes:
        token: from @BotFather; never shown.
        api_root: the Bot API server.
        mode: whether we fetch updates or Telegram brings them.
        webhook_url: the public https address that Telegram brings them to.
        webhook_host: where we listen; a proxy that speaks https stands before it.
        webhook_port: the same; 0 takes any free one.
        per_second: how many messages a second may leave over all chats; 30 is what Telegram lets a bot send for free.
        webhook_secret: 1 to 256 of `A-Z a-z 0-9 _ -`; who does not know it is not let in.

    Raises:
        ValueError: there is no token, or the webhook lacks its address or a good secret.
    """

    token: str = field(repr=False)
    api_root: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8080
    webhook_secret: str = field(default="", repr=False)
    per_second: float = 30

    def __post_init__(self) -> None:
        if not self.token:
            raise ValueError("Telegram needs a token")
        if self.mode == "webhook" and not self.webhook_url:
            raise ValueError("a webhook needs its public address")
        if self.mode == "webhook" and not _SECRET.fullmatch(self.webhook_secret):
            raise ValueError("a webhook needs a secret of up to 256 letters, digits, _ or -")


def _pacer(per_second: float) -> Pacer:
    """Return a pacer that leaves pushes five sixths of the way, so that answers never wait for all of them."""
    return Pacer(total_per_second=per_second, pushes_per_second=per_second * 5 / 6)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramBridge:
    """One bot on Telegram.

    Args:
        study: the use cases.
        settings: how to reach Telegram.
        now: the clock.
        rng: for jitter.
        wait: waits so many seconds before something is tried again.
        pacer: how fast Telegram may be spoken to.
    """

    def __init__(
        self,
        study: Study,
        settings: TelegramSettings,
        *,
        now: Callable[[], datetime] = _utc_now,
        rng: random.Random | None = None,
        wait: Wait = asyncio.sleep,
        pacer: Pacer | None = None,
    ) -> None:
        self._study = study
        self._settings = settings
        self._now = now
        self._patience = Patience(wait, rng or random.Random())  # noqa: S311 - jitter, no secret
        root = settings.api_root.rstrip("/")
        secrets = Secrets(settings.token, settings.webhook_secret)
        self._bot = RawBot(
            TOKEN,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=AiohttpWire(secrets, connections=_CONNECTIONS),
            get_updates_request=AiohttpWire(secrets, connections=_POLLING_CONNECTIONS),
        )
        self._mail = Mail(Courier(self._bot), study, pacer or _pacer(settings.per_second), self._patience)
        self._poller: Poller | None = None
        self._webhook: Webhook | None = None
        self._listening: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    @property
    def platform(self) -> str:
        """The name accounts of Telegram carry."""
        return PLATFORM

    @property
    def repeatable(self) -> bool:
        """Telegram knows no key that would keep a message from being shown twice."""
        return False

    @property
    def last_poll(self) -> datetime | None:
        """When Telegram last answered a poll, or came to the webhook; None before the first time."""
        if self._webhook is not None:
            return self._webhook.last_update
        return None if self._poller is None else self._poller.last_poll

    @property
    def webhook_port(self) -> int:
        """Where the webhook listens; 0 when it does not."""
        return 0 if self._webhook is None else self._webhook.port

    async def open(self) -> None:
        """Connect and learn who we are; where Telegram cannot be reached, `listen` goes on trying.

        Raises:
            TokenRejectedError: Telegram refuses the token.
        """
        try:
            await self._insist(self._bot.initialize, attempts=_OPENING_ATTEMPTS)
        except BaseException:
            await self._bot.shutdown()
            raise

    async def listen(self) -> None:
        """Take updates until `close`.

        Raises:
            TokenRejectedError: Telegram refuses the token.
            SetupRefusedError: Telegram refuses the webhook.
        """
        if self._stopping.is_set():
            return
        self._listening = asyncio.create_task(self._listen())
        try:
            await self._listening
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise

    async def close(self, *, grace: timedelta = _GRACE) -> None:
        """Finish what is in hand, then deliver what was decided, each for at most `grace`; hang up."""
        self._stopping.set()
        if self._poller is not None:
            self._poller.stop()
        if self._listening is not None:
            _, late = await asyncio.wait({self._listening}, timeout=grace.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._mail.flush(grace)
        await self._bot.shutdown()

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Send one message nobody asked for; never raises for what Telegram can do."""
        del key  # Telegram has no place for it
        return await self._mail.push(chat, message)

    async def _listen(self) -> None:
        await self._insist(self._bot.initialize)
        menus = asyncio.create_task(self._tell_menus())
        try:
            await (self._serve() if self._settings.mode == "webhook" else self._poll())
        finally:
            menus.cancel()
            await asyncio.gather(menus, return_exceptions=True)

    async def _poll(self) -> None:
        if self._stopping.is_set():
            return
        self._poller = Poller(self._bot, self._intake(), self._patience, self._now, self._resend)
        await self._resend()
        await self._poller.run()

    async def _serve(self) -> None:
        settings = self._settings
        self._webhook = Webhook(self._intake(), settings.webhook_secret, self._now)
        await self._webhook.start(settings.webhook_host, settings.webhook_port, settings.webhook_url)
        try:
            await self._resend()
            await self._insist(self._set_webhook)
            await self._stopping.wait()
        finally:
            await self._webhook.stop()

    def _intake(self) -> Intake:
        return Intake(self._study, self._mail, Me(self._bot.id, self._bot.username), self._now)

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            self._settings.webhook_url,
            secret_token=WEBHOOK_SECRET,
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
        )

    async def _resend(self) -> None:
        """Send what was decided but perhaps never delivered."""
        try:
            for letter in await self._study.undelivered(PLATFORM, self._now()):
                self._mail.post(Letter(letter.key, Place.parse(letter.chat), letter.replies))
        except Exception:  # noqa: BLE001 - what is lost here is a few replies, not the bot
            _LOG.exception("undelivered replies could not be read")

    async def _tell_menus(self) -> None:
        try:
            await tell_menus(self._bot, self._study)
        except Exception as exc:  # noqa: BLE001 - a bot without a menu is a bot
            _LOG.warning("the menus could not be set: %s: %s", type(exc).__name__, scrub(str(exc)))

    async def _insist(self, call: Callable[[], Awaitable[object]], *, attempts: int | None = None) -> None:
        """Call until it works, or for so many `attempts`; what never will work is raised.

        Raises:
            TokenRejectedError: three answers in a row refused the token.
            SetupRefusedError: Telegram refused what we asked for.
        """
        rejections = 0
        for attempt in count() if attempts is None else range(attempts):
            refusal = ""
            try:
                await call()
            except InvalidToken:
                rejections += 1
            except BadRequest as exc:
                refusal = scrub(str(exc))
            except TelegramError as exc:
                rejections = 0
                _LOG.warning("Telegram cannot be reached: %s", scrub(str(exc)))
            else:
                return
            if rejections >= _REJECTIONS:
                raise TokenRejectedError
            if refusal:
                raise SetupRefusedError(refusal)
            await self._patience.pause(attempt)
