"""Settings from the environment, all `ITA_…`, all optional; the README's table lists them."""

import ipaddress
import re
from datetime import UTC, date, datetime, timedelta
from email.errors import MessageError
from email.policy import SMTP
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ita_core.days import day_of
from ita_core.errors import BadDay, BadText, Refused
from ita_core.language import N_
from ita_core.typed import LONGEST_NAME, clean_day, clean_mail_address, clean_text

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


# Bucket names as Amazon has them; a prefix of plain names, so that a key is spelt the same everywhere.
_BUCKET = r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/(?!\.\.?(/|$))[A-Za-z0-9._-]+)*/?"


LEAST_KEY = 32  # characters
LINE_API = "https://api.line.me"
_THIS_MACHINE = r"localhost|127(?:\.\d{1,3}){3}|\[::1\]"


class BadSetting(Refused):
    says = N_("{setting} is not usable: {why}.")


class Settings(BaseSettings):
    """The settings, each from the environment variable ITA_… of its name; the README has a table of them."""

    model_config = SettingsConfigDict(env_prefix="ITA_", extra="ignore", frozen=True)

    database_url: str = f"sqlite:///{DATA / 'store' / 'ita.db'}"
    evidence_url: str = str(DATA / "store" / "evidence")
    cache_folder: str = str(DATA / "store" / "cache")
    clamd: str = ""
    plan: str = "prachuap-2568"
    today: date | None = None
    public_url: str = ""
    https: bool = False
    group_reads: bool = False
    secret_key: SecretStr = SecretStr("")
    proxy: str = ""
    hosts: str = ""
    links_inside: str = ""
    links_keep: bool = False
    max_upload_mb: int = Field(default=200, ge=1, le=200)
    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    stakeholder_days: int = Field(default=30, ge=0, le=180)
    mail_host: str = ""
    mail_port: int = Field(default=0, ge=0, lt=2**16)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = ""
    line_token: SecretStr = SecretStr("")
    line_secret: SecretStr = SecretStr("")
    line_account: str = ""
    line_api: str = LINE_API
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_claim: str = Field(default="preferred_username", pattern=r"^[A-Za-z0-9_:/.-]{1,100}$")
    oidc_scope: str = Field(default="openid profile email", pattern=r"^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$")
    oidc_name: str = Field(default="", max_length=60)
    oidc_usernames: bool = False
    oidc_issuer: str = ""  # after what it needs

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("it must start with sqlite:/// or postgresql://")
        try:
            make_url(url)
        except (ArgumentError, ValueError):
            raise ValueError("it is no address of a database") from None
        return url

    @field_validator("today", mode="before")
    @classmethod
    def _christian_era(cls, day: object) -> object:
        try:
            return clean_day(day) if isinstance(day, str) else day
        except BadDay as error:
            raise ValueError(str(error).rstrip(".")) from None

    @field_validator("evidence_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        if "://" in url and not re.fullmatch(_BUCKET, url):
            raise ValueError("it must be a folder or s3://bucket/prefix; keys and hosts go into the AWS_… variables")
        return url.rstrip("/") if url.startswith("s3://") else url

    @field_validator("clamd")
    @classmethod
    def _known_scanner(cls, address: str) -> str:
        port = re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})", address)
        if address and not address.startswith("/") and not (port and 0 < int(port[1]) < 2**16):
            raise ValueError("it must be a socket like /run/clamav/clamd.ctl, or host:port")
        return address

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("it must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_key(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value() and len(key.get_secret_value()) < LEAST_KEY:
            raise ValueError(f"it must have {LEAST_KEY} characters or more, by chance: `openssl rand -base64 32`")
        return key

    @field_validator("proxy")
    @classmethod
    def _known_proxies(cls, listed: str) -> str:
        try:
            networks = [ipaddress.ip_network(one) for one in re.split(r"[\s,]+", listed) if one]
        except ValueError as error:
            raise ValueError(f"addresses or networks, by commas: {error}") from None
        if any(network.prefixlen == 0 for network in networks):
            raise ValueError("it must not be everybody: whoever asks could name any address")
        return ",".join(map(str, networks))

    @field_validator("links_inside")
    @classmethod
    def _known_networks(cls, listed: str) -> str:
        try:
            networks = [ipaddress.ip_network(one) for one in re.split(r"[\s,]+", listed) if one]
        except ValueError as error:
            raise ValueError(f"addresses or networks, by commas: {error}") from None
        for network in networks:
            # 10.0.0.0/8 and fc00::/7 are the widest that any network inside has (RFC 1918, RFC 4193).
            if network.prefixlen < {4: 8, 6: 7}[network.version]:
                raise ValueError(f"{network} is far more than a network of an office: name what may be asked inside")
        return ",".join(map(str, networks))

    @field_validator("hosts")
    @classmethod
    def _known_hosts(cls, listed: str) -> str:
        for name in re.split(r"[\s,]+", listed):
            if not re.fullmatch(r"[A-Za-z0-9_.-]*|[0-9a-fA-F:]+", name):
                raise ValueError("names of hosts by commas, without http:// and port")
        return listed

    @field_validator("mail_host")
    @classmethod
    def _known_mail_server(cls, host: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_.-]*|[0-9a-fA-F:]+", host):
            raise ValueError("the name of a host, without a port")
        return host

    @field_validator("mail_password")
    @classmethod
    def _not_in_the_open(cls, password: SecretStr, others: ValidationInfo) -> SecretStr:
        open_ = others.data.get("mail_security") == "none"
        if password.get_secret_value() and open_ and not re.fullmatch(_THIS_MACHINE, others.data.get("mail_host", "")):
            raise ValueError("it would go over the network unencrypted: ITA_MAIL_SECURITY must be starttls or tls")
        return password

    @field_validator("mail_from")
    @classmethod
    def _known_sender(cls, sender: str) -> str:
        try:
            [one] = SMTP.header_factory("From", sender).addresses if sender else [None]
            if one:
                clean_mail_address(one.addr_spec)
                clean_text(sender.replace("\n", "\0"), LONGEST_NAME)  # a line end would begin another header
        except (ValueError, MessageError, IndexError, BadText):
            raise ValueError("one address, like ita@example.go.th or ITA <ita@example.go.th>") from None
        return sender

    @field_validator("line_token")
    @classmethod
    def _token_of_a_header(cls, token: SecretStr) -> SecretStr:
        # It goes into a header of HTTP: with any other sign no message could go out.
        if not re.fullmatch(r"[\x21-\x7e]*", token.get_secret_value()):
            raise ValueError("a token has letters, digits and signs of ASCII only, without blanks and line ends")
        return token

    @field_validator("line_account")
    @classmethod
    def _known_line_account(cls, name: str) -> str:
        if not re.fullmatch(r"(@[A-Za-z0-9_.-]{3,30})?", name):
            raise ValueError("the basic or premium id of the official account, like @123abcde")
        return name

    @field_validator("line_api")
    @classmethod
    def _only_line_itself(cls, url: str) -> str:
        # The token goes there with every message: nowhere else than to LINE, or to this machine, for tests.
        if url != LINE_API and not re.fullmatch(rf"http://(?:{_THIS_MACHINE}):\d{{1,5}}", url):
            raise ValueError(f"only {LINE_API}, or an address of this machine for tests")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _known_provider(cls, issuer: str, info: ValidationInfo) -> str:
        if not issuer:
            return issuer
        parts = urlsplit(issuer)
        here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if (
            not (parts.scheme == "https" or here)
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise ValueError("it must be https:// and a host, as the provider writes it, without ? and #")
        secret = info.data.get("oidc_client_secret")
        if not (
            info.data.get("oidc_client_id") and secret and secret.get_secret_value() and info.data.get("public_url")
        ):
            raise ValueError("it needs ITA_OIDC_CLIENT_ID, ITA_OIDC_CLIENT_SECRET and ITA_PUBLIC_URL beside it")
        return issuer

    def now(self) -> datetime:
        """The moment at which a record is made (UTC): the clock, on the day of ITA_TODAY where that is set."""
        moment = datetime.now(UTC)
        if self.today is None:
            return moment
        return moment + timedelta(days=(self.today - day_of(moment)).days)

    def day(self) -> date:
        """Today in Thailand, or ITA_TODAY."""
        return day_of(self.now())


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises BadSetting with one sentence that names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        why = str(fault["msg"]).removeprefix("Value error, ")
        raise BadSetting(setting="ITA_" + str(fault["loc"][0]).upper(), why=why) from None
