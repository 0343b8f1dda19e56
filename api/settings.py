"""Everything that can be set, in one place: `UNKNOT_*` in the environment, with defaults that need no set-up."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent


MAIL_URL = r"^$|^(smtp|smtp\+starttls|smtps)://([^:@/\s]+:[^:@/\s]+@)?([^:@/\s\[\]]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?$"


def bundled(name: str) -> Path:
    """Where `content` and `alembic` lie: beside the package in a checkout, inside it in an installed copy."""
    inside = PACKAGE / "bundled" / name
    return inside if inside.exists() else PACKAGE.parent / name


class Settings(BaseSettings):
    """Field descriptions are the documentation; the README repeats each of them, and a test compares."""

    model_config = SettingsConfigDict(env_prefix="UNKNOT_", extra="ignore", frozen=True)

    database_url: str = Field(
        default="sqlite:///unknot.db", description="`sqlite:///file` or `postgresql://user:password@host/name`."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on; `0.0.0.0` lets a phone reach it.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8000, description="Port to listen on.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="Server processes; more than one needs PostgreSQL."
    )
    content_dir: Path = Field(default=bundled("content"), description="Folder of exercises, routines and the rest.")
    migrate: bool = Field(default=True, description="Bring the database to the newest schema when starting.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("*",), description="Web origins that may call from a browser, separated by commas."
    )
    trusted_proxies: str = Field(
        default="", description="Addresses of proxies whose `X-Forwarded-For` is believed, separated by commas."
    )
    rate_limit_per_minute: Annotated[int, Field(ge=0)] = Field(
        default=600, description="Requests a minute of one person, or of one address until known; 0: no limit."
    )
    sign_up_limit_per_hour: Annotated[int, Field(ge=0)] = Field(
        default=120, description="New accounts an hour from one address; 0: no limit."
    )
    sign_in_limit_per_minute: Annotated[int, Field(ge=0)] = Field(
        default=30, description="Sign-ins and other uses of a password a minute from one address; 0: no limit."
    )
    sign_in_attempts: Annotated[int, Field(ge=0)] = Field(
        default=10, description="Wrong passwords for one account from one address in a quarter of an hour; 0: no limit."
    )
    mail_url: Annotated[str, Field(pattern=MAIL_URL)] = Field(
        default="", description="`smtp://host`, `smtp+starttls://user:password@host` or `smtps://user:password@host`."
    )
    mail_from: str = Field(default="unknot@localhost", description="The address that letters come from.")
    access_token_minutes: Annotated[int, Field(ge=1)] = Field(default=60, description="Life of an access token.")
    refresh_token_days: Annotated[int, Field(ge=1)] = Field(default=180, description="Life of a refresh token.")
    sign_in_days: Annotated[int, Field(ge=1)] = Field(
        default=365, description="A device of somebody with a confirmed e-mail signs in again after so long."
    )
    guest_idle_days: Annotated[int, Field(ge=1)] = Field(
        default=730, description="Guests of whom no device was here for so long are erased."
    )
    sweep_interval_minutes: Annotated[int, Field(ge=0)] = Field(
        default=60, description="How often what nobody needs any more is swept away; 0: only by `unknot sweep`."
    )
    database_connections: Annotated[int, Field(ge=3, le=200)] = Field(
        default=10, description="PostgreSQL connections of one server process, two of them for long reads."
    )
    database_pooler: Literal["none", "transaction"] = Field(
        default="none", description="`transaction` when a pooler such as PgBouncer in that mode stands between."
    )
    requests_in_work: Annotated[int, Field(ge=1)] = Field(
        default=64, description="Requests that a process takes on at once; the rest is answered 503 at once."
    )
    connections: Annotated[int, Field(ge=1)] = Field(
        default=4096, description="Connections that a process keeps; those beyond are answered 503 and closed."
    )
    queue_limit: Annotated[int, Field(ge=1)] = Field(
        default=512, description="Units of work that may wait for the database before 503 is answered."
    )
    request_timeout_s: Annotated[float, Field(gt=0)] = Field(
        default=4.0, description="Longest wait of a request for the database before 503 is answered."
    )
    shutdown_grace_s: Annotated[int, Field(ge=1)] = Field(
        default=10, description="Seconds that requests under way have to finish when the server stops."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="`info` writes a line for each request; `warning` writes none."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="`auto` is text on a terminal and a JSON object on each line elsewhere."
    )
    metrics_token: Annotated[str, Field(pattern=r"^(|[!-~]{16,128})$", repr=False)] = Field(
        default="", description="What Prometheus sends as bearer token to read `/metrics`; without it there is none."
    )
    traces: bool = Field(
        default=False,
        description="Send traces to `OTEL_EXPORTER_OTLP_ENDPOINT`; needs `unknot[opentelemetry]`.",
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def split_origins(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def one_process_per_file(self) -> "Settings":
        if self.workers > 1 and self.database_url.startswith("sqlite"):
            raise ValueError("UNKNOT_WORKERS above 1 needs PostgreSQL: two processes would fight for one SQLite file")
        return self
