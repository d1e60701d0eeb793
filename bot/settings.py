"""The bot's settings: read once, from the environment and ``.env``, and explained when wrong."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.zones import nearest_zones, zone_names

ENV_FILE = ".env"
LONGEST_QUOTE = 60
LAST_PORT = 65535
LOOPBACK = "127.0.0.1"
HALF = "half_a_model"
_OUR_WRITERS = frozenset(("extractive", "ai_summary"))  # they stand in a model's place


def web_address(text: str) -> str:
    """Return an http or https address without its trailing slash."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError(text)
    if parts.query or parts.fragment or any(character.isspace() for character in text):
        raise ValueError(text)
    return text.rstrip("/")


def token(secret: SecretStr | None) -> SecretStr | None:
    """Refuse what cannot stand in an HTTP header, and so is no token."""
    text = secret.get_secret_value() if secret else ""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError
    return secret


def home_expanded(path: Path) -> Path:
    """Read a leading ``~`` as a shell would: nothing else does in a ``.env``."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(path) from error


def timezone(name: object) -> ZoneInfo:
    """Return the IANA time zone of that name."""
    if isinstance(name, ZoneInfo):
        return name
    # ZoneInfo itself looks for a file, and fails by KeyError, ValueError or OSError.
    if name not in zone_names():
        raise ValueError(name)
    return ZoneInfo(str(name))


def listening(text: str | None) -> str | None:
    """Return where to listen, ``address:port``; a port alone is the loopback's."""
    if text is None or text.lower() == "off":
        return None
    host, colon, port = text.rpartition(":")
    if bool(host) != bool(colon) or not (port.isascii() and port.isdecimal()):
        raise ValueError(text)
    if not 0 < int(port[:6]) <= LAST_PORT:
        raise ValueError(text)
    bracketed = host.startswith("[") and host.endswith("]")
    address = ipaddress.ip_address(host[1:-1] if bracketed else host or LOOPBACK)
    if bracketed != isinstance(address, ipaddress.IPv6Address):  # else its end is not told apart
        raise ValueError(text)
    return f"{host or LOOPBACK}:{int(port)}"


def level_name(name: str) -> str:
    """Return a level's name as the logging module writes it."""
    return name.upper() if name.upper() in get_args(LogLevel) else name


def format_name(name: str) -> str:
    """Return a format's name in lower case."""
    return name.lower() if name.lower() in get_args(LogFormat) else name


def model_name(name: str | None) -> str | None:
    """Refuse what is no model's name: it stands in requests, on cards and in the log."""
    if name is None:
        return None
    if not re.fullmatch(r"[\w./:@+-]{1,100}", name, re.ASCII) or name in _OUR_WRITERS:
        raise ValueError(name)
    return name


def language_tag(tag: str) -> str:
    """Take a language's code, by the shape of BCP 47's: it stands in the prompt."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}", tag, re.ASCII):
        raise ValueError(tag)
    return tag


WebAddress = Annotated[str, AfterValidator(web_address)]
Token = Annotated[SecretStr | None, AfterValidator(token)]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LogFormat = Literal["console", "json"]


class Settings(BaseSettings):
    """The bot's settings; each is also a line of .env.example.

    A description says what a right value is: it ends the sentence about a wrong one.
    """

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",  # Windows' Notepad puts a byte-order mark first
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: Token = Field(
        default=None,
        description="a bot token as the Developer Portal shows it, without spaces and quotes",
    )
    discord_api_url: WebAddress = Field(
        default="https://discord.com/api/v10",
        description="an http or https address such as https://discord.com/api/v10",
    )
    discord_dev_guild: int | None = Field(
        default=None, gt=0, description="the id of a server, a whole number"
    )
    database_path: Annotated[Path, AfterValidator(home_expanded)] = Field(
        default=Path("data/paperboy.db"),
        description="the path of a file such as data/paperboy.db",
    )
    hf_base_url: WebAddress = Field(
        default="https://huggingface.co",
        description="an http or https address such as https://huggingface.co",
    )
    hf_token: Token = Field(
        default=None,
        description="an access token as Hugging Face shows it, without spaces and quotes",
    )
    arxiv_api_url: WebAddress = Field(
        default="https://export.arxiv.org/api/query",
        description="an http or https address such as https://export.arxiv.org/api/query",
    )
    arxiv_base_url: WebAddress = Field(
        default="https://arxiv.org",
        description="an http or https address such as https://arxiv.org",
    )
    collect_every_minutes: int = Field(
        default=30, ge=1, le=1440, description="a whole number of minutes, from 1 to 1440"
    )
    default_timezone: Annotated[ZoneInfo, BeforeValidator(timezone)] = Field(
        default=ZoneInfo("UTC"), description="an IANA time zone such as Europe/Berlin"
    )
    llm_base_url: WebAddress | None = Field(
        default=None,
        description="the address of an OpenAI-compatible endpoint such as https://api.openai.com/v1",
    )
    llm_model: Annotated[str | None, AfterValidator(model_name)] = Field(
        default=None, description="the name of a model as its endpoint knows it, in one word"
    )
    llm_fallback_model: Annotated[str | None, AfterValidator(model_name)] = Field(
        default=None, description="the name of a model as its endpoint knows it, in one word"
    )
    llm_api_key: Token = Field(
        default=None,
        description="an API key as the endpoint's console shows it, without spaces and quotes",
    )
    llm_daily_tokens: int = Field(
        default=2_000_000, ge=0, description="a whole number of tokens; 0 stands for no limit"
    )
    summary_language: Annotated[str, AfterValidator(language_tag)] = Field(
        default="en", description="a language's code such as en, de, zh or pt-BR"
    )
    metrics_port: Annotated[str | None, AfterValidator(listening)] = Field(
        default=None,
        description="a port such as 9100, or an address with one such as 0.0.0.0:9100",
    )
    log_level: Annotated[LogLevel, BeforeValidator(level_name)] = Field(
        default="INFO", description=f"one of {', '.join(get_args(LogLevel))}"
    )
    log_format: Annotated[LogFormat, BeforeValidator(format_name)] = Field(
        default="console", description=" or ".join(get_args(LogFormat))
    )

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take an empty value for the default, and white space round a value for a slip."""
        stripped = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
        }
        return {name: value for name, value in stripped.items() if value not in {"", None}}

    @model_validator(mode="after")
    def _whole_model(self) -> Self:
        """Refuse half of what a model needs: without it nothing would say why there is none."""
        needed = {"LLM_BASE_URL": self.llm_base_url, "LLM_MODEL": self.llm_model}
        given = [name for name, value in needed.items() if value is not None]
        given += ["LLM_API_KEY"] if self.llm_api_key is not None else []
        given += ["LLM_FALLBACK_MODEL"] if self.llm_fallback_model is not None else []
        missing = [name for name, value in needed.items() if value is None]
        if given and missing:
            raise PydanticCustomError(
                HALF,
                "{given} is set, but {missing} is not",
                {"given": given[0], "missing": missing[0]},
            )
        return self

    @property
    def models(self) -> tuple[str, ...]:
        """The models that write summaries, in the order in which they are asked."""
        return tuple(name for name in (self.llm_model, self.llm_fallback_model) if name)

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Where the metrics are served: an address and a port, None for nowhere."""
        if self.metrics_port is None:
            return None
        host, _, port = self.metrics_port.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown or logged."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def load_settings() -> Settings:
    """Read the settings; raise SettingsError with one sentence if one is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        # Without the cause: it holds the values, of which some are secret.
        raise SettingsError(explain(error)) from None
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"The file {ENV_FILE} is not UTF-8 text; save it again with the encoding UTF-8."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"The file {ENV_FILE} cannot be read ({error.strerror}); "
            "let the bot's user read it, or move it away."
        ) from error


def explain(error: ValidationError) -> str:
    """Say in one sentence which setting is wrong, what is wrong, and what would be right."""
    for each in error.errors():
        if each["type"] == HALF:
            return f"{each['msg']}: a model needs both, and with most endpoints LLM_API_KEY too."
    wrong = {str(each["loc"][0]): str(each["input"]) for each in reversed(error.errors())}
    name, value = next(reversed(wrong.items()))
    sentence = f"{name.upper()} is {_shown(name, value)}, but must be "
    sentence += str(Settings.model_fields[name].description)
    if name == "default_timezone" and (near := nearest_zones(value, 1)):
        sentence += f"; the nearest known one is {near[0]}"
    match len(wrong) - 1:
        case 0:
            return f"{sentence}."
        case 1:
            return f"{sentence}; 1 more setting is wrong."
        case more:
            return f"{sentence}; {more} more settings are wrong."


def _shown(name: str, value: str) -> str:
    """Quote a value, but never one that is or could hold a secret."""
    if SecretStr in get_args(Settings.model_fields[name].annotation):
        return "something else (not shown, since it is secret)"
    if "@" in value:
        return "something else (not shown, since it may hold a password)"
    quoted = value if len(value) <= LONGEST_QUOTE else f"{value[:LONGEST_QUOTE]}…"
    return f"“{''.join(each if each.isprintable() else '�' for each in quoted)}”"
