"""Where Discord's API is, and what else discord.py keeps in constants of its classes."""

from __future__ import annotations

from urllib.parse import urlsplit

from discord import VoiceClient
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


def point_at(api_url: str) -> None:
    """Send discord.py to another server that speaks Discord's API.

    The gateway's own address is named by that server; the constant is discord.py's fallback
    before it has asked, and would otherwise be Discord's.
    """
    Route.BASE = api_url
    parts = urlsplit(api_url)
    if parts.hostname and not f".{parts.hostname}".endswith(".discord.com"):
        scheme = "wss" if parts.scheme == "https" else "ws"
        DiscordWebSocket.DEFAULT_GATEWAY = URL(f"{scheme}://{parts.netloc}/")


def without_voice() -> None:
    """Keep discord.py from warning that voice, which Paperboy has no use for, is not installed."""
    VoiceClient.warn_nacl = False
    VoiceClient.warn_dave = False
