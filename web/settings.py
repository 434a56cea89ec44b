"""What an installation sets, read once from the environment. Settings are an argument everywhere else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Biggest request body in bytes: a form with a few scans.
MAX_BODY = 40 * 1024 * 1024


class BadSettings(Exception):
    """A setting of this installation can't be used."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs. The defaults are the embedded set-up: one directory, no server to install."""

    #: Everything the embedded set-up keeps: database, mail, secret.
    var: Path = ROOT / "var"
    #: SQLAlchemy address; empty = SQLite in `var`.
    database_url: str = ""
    #: Celery broker; empty = inside the process.
    broker_url: str = ""
    #: Signs cookies; empty = drawn once and kept in `var/secret.key`.
    secret_key: str = field(default="", repr=False)
    #: Encrypt secrets that are kept, by commas: the first writes, all read; empty = one made of `secret_key`.
    sealing_keys: str = field(default="", repr=False)
    #: `smtp://user:password@host:port`; empty = mails are files in `var/mail`.
    smtp_url: str = field(default="", repr=False)
    #: Sender of mails where the tenant has none of its own.
    mail_from: str = "radnice@localhost"
    #: Address of ARES; `offline` = recorded answers only.
    ares_url: str = "https://ares.gov.cz/ekonomicke-subjekty-v-be/rest"
    #: A recorded answer stands in where ARES can't be reached, and pages say so: for the demo.
    ares_recorded: bool = False
    #: Hosts that webhooks may call, by commas; empty = no webhooks.
    webhook_hosts: str = ""
    #: Hosts that the connectors `http.…` may call, by commas; empty = none.
    http_hosts: str = ""
    #: Name → `TENANT HOST AUTHORIZATION`, of `RADNICE_HTTP_KEY_<NAME>`: a key goes to its one host only.
    http_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Name → `TENANT USER PASSWORD`, of `RADNICE_DATABOX_ACCOUNT_<NAME>`: the account of an organisation's data box.
    databox_accounts: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Address of ISDS; empty = the real one.
    databox_url: str = ""
    #: `databox` = contracts go to the register of contracts by the organisation's data box.
    contracts_register: str = ""
    #: Name → `TENANT TOKEN`, of `RADNICE_FIO_TOKEN_<NAME>`: statements are fetched from Fio banka with it.
    fio_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: clamd that looks at uploads, `tcp://host:3310` or `unix:///path`; empty = nobody does.
    clamd_url: str = ""
    #: Signs webhooks (HMAC-SHA256).
    webhook_secret: str = field(default="", repr=False)
    #: Payment gateway, `gopay` or `comgate`; empty = none. Its address only for the sandbox.
    gateway: str = ""
    gateway_url: str = ""
    gateway_merchant: str = ""
    gateway_client: str = ""
    gateway_secret: str = field(default="", repr=False)
    #: Where this installation is seen from outside, for links in mails.
    base_url: str = "http://127.0.0.1:8000"
    #: Tenant where the host names none; empty = the first one.
    default_tenant: str = ""
    #: Host name → tenant key, beside what tenants themselves say.
    hosts: Mapping[str, str] = field(default_factory=dict)
    #: Reverse proxies in front of us whose X-Forwarded-* headers are believed.
    proxies: int = 0
    #: Where flask-limiter counts; several web processes need Redis.
    limiter_url: str = "memory://"
    #: How often one token may call the API; the form of flask-limiter.
    api_limit: str = "12000 per minute"
    #: Bearer token for `/metrics`; empty = only this machine may read them.
    metrics_token: str = field(default="", repr=False)
    max_body: int = MAX_BODY
    #: Days that a draft lives when nobody touches it, and how long before its end its writer is told.
    draft_days: int = 90
    draft_notice_days: int = 7
    #: What strangers may leave here unsent: drafts and megabytes of files, from one address and in one organisation.
    stranger_drafts: int = 40
    stranger_megabytes: int = 200
    all_strangers_drafts: int = 20_000
    all_strangers_megabytes: int = 10_000

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.var / 'radnice.db'}"

    @property
    def mail_dir(self) -> Path:
        """Where mails are written when there is no SMTP server."""
        return self.var / "mail"

    @property
    def secure(self) -> bool:
        """Cookies only over HTTPS."""
        return self.base_url.startswith("https://")

    def signing_key(self) -> str:
        """The secret that signs cookies; made and kept on first use where none is set."""
        return self.secret_key or kept_secret(self.var / "secret.key")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `RADNICE_*`. Raises BadSettings with the name of the variable."""
        env = os.environ if environ is None else environ
        given = {name: env[f"RADNICE_{name.upper()}"] for name in TEXTS if env.get(f"RADNICE_{name.upper()}")}
        return cls(
            **given,
            var=Path(env.get("RADNICE_VAR") or cls.var),
            hosts=pairs(env.get("RADNICE_HOSTS", "")),
            http_keys=many(env, "RADNICE_HTTP_KEY_", "TENANT HOST VALUE"),
            databox_accounts=many(env, "RADNICE_DATABOX_ACCOUNT_", "TENANT USER PASSWORD"),
            fio_tokens=many(env, "RADNICE_FIO_TOKEN_", "TENANT TOKEN"),
            proxies=number(env, "RADNICE_PROXIES", 0),
            max_body=number(env, "RADNICE_MAX_BODY", MAX_BODY),
            draft_days=max(1, number(env, "RADNICE_DRAFT_DAYS", cls.draft_days)),
            draft_notice_days=number(env, "RADNICE_DRAFT_NOTICE_DAYS", cls.draft_notice_days),
            stranger_drafts=number(env, "RADNICE_STRANGER_DRAFTS", cls.stranger_drafts),
            stranger_megabytes=number(env, "RADNICE_STRANGER_MEGABYTES", cls.stranger_megabytes),
            all_strangers_drafts=number(env, "RADNICE_ALL_STRANGERS_DRAFTS", cls.all_strangers_drafts),
            all_strangers_megabytes=number(env, "RADNICE_ALL_STRANGERS_MEGABYTES", cls.all_strangers_megabytes),
            ares_recorded=number(env, "RADNICE_ARES_RECORDED", 0) > 0,
        )


#: Settings that are plain text.
TEXTS = (
    "database_url",
    "broker_url",
    "secret_key",
    "sealing_keys",
    "smtp_url",
    "mail_from",
    "ares_url",
    "webhook_hosts",
    "http_hosts",
    "databox_url",
    "contracts_register",
    "clamd_url",
    "webhook_secret",
    "gateway",
    "gateway_url",
    "gateway_merchant",
    "gateway_client",
    "gateway_secret",
    "base_url",
    "default_tenant",
    "limiter_url",
    "api_limit",
    "metrics_token",
)


def pairs(text: str) -> dict[str, str]:
    """Read `host=tenant,host=tenant`."""
    found = [part.split("=", 1) for part in text.split(",") if part.strip()]
    if any(len(pair) != 2 for pair in found):
        raise BadSettings("RADNICE_HOSTS reads host=tenant,host=tenant")
    return {host.strip().lower(): tenant.strip() for host, tenant in found}


def many(env: Mapping[str, str], prefix: str, shape: str) -> dict[str, str]:
    """Read variables of which there may be several. Raises BadSettings with the variable's name, never its value."""
    found = {name: text.strip() for name, text in env.items() if name.startswith(prefix) and text.strip()}
    words = len(shape.split())
    for name, text in found.items():
        if len(text.split(maxsplit=words - 1)) != words:
            raise BadSettings(f"{name} reads {shape}")
    return {name.removeprefix(prefix).lower(): text for name, text in found.items()}


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """Read a whole number that is not negative."""
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        raise BadSettings(f"{name} must be a whole number")
    return int(text)


def kept_secret(path: Path) -> str:
    """The secret in the file, drawn on first use. Only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
