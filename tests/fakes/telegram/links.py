"""Addresses as the server sees them: which may stand behind a link or a button, and why others may not."""

from __future__ import annotations

import re
from typing import Final

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_OWN_SCHEMES: Final = ("tg:", "ton:", "tonsite:")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._!$,~*'();&+=-]|%[0-9a-fA-F]{2}|[^\x00-\x7f])*")
_USER: Final = re.compile(r"tg:(?://)?user\?id=(\d+)", re.IGNORECASE)
_MAX_PORT: Final = 65535


class LinkError(ValueError):
    """The address is not one the server takes; the text says why, in its words."""


def user_of_link(url: str) -> int | None:
    """Return the user of a `tg://user?id=…` link."""
    match = _USER.fullmatch(url)
    return int(match.group(1)) if match else None


def checked_link(url: str) -> str | None:
    """Return the address in the server's spelling, or nothing where it takes it for plain text."""
    try:
        return check_link(url)
    except LinkError:
        return None


def check_link(url: str) -> str:
    """Return the address in the server's spelling.

    Raises:
        LinkError: it is not an address.
    """
    own = next((scheme for scheme in _OWN_SCHEMES if url.lower().startswith(scheme)), None)
    if own is not None:
        return f"{own}//" + url[len(own) :].removeprefix("//")
    match = _SCHEME.match(url)
    scheme = match.group(1).lower() if match else "http"
    if scheme not in ("http", "https"):
        raise LinkError("Unsupported URL protocol")
    rest = url[match.end() :] if match else url
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = _host(authority)
    if "." not in host and not host.startswith("["):
        raise LinkError("Wrong HTTP URL")
    query = rest[len(authority) :].strip()
    slash = "" if query.startswith("/") else "/"
    return f"{scheme}://{authority.lower()}{slash}{query.replace(' ', '%20')}"


def _host(authority: str) -> str:
    host, colon, port = authority.rpartition("@")[2].partition(":")
    if colon and not (port.isdecimal() and 0 < int(port) <= _MAX_PORT):
        raise LinkError("Wrong port number specified in the URL")
    if not host:
        raise LinkError("URL host is empty")
    if not _HOST.fullmatch(host):
        raise LinkError("Disallowed character in URL host")
    return host
