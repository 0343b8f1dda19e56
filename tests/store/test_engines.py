import pytest

from api.db.engines import engine_for, parsed, store_for
from api.db.failures import described
from api.db.postgres import PostgresStore
from api.db.sqlite import SqliteStore


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_common_form_of_a_postgresql_address_is_understood(scheme: str) -> None:
    url = f"{scheme}://someone:opensesame@host:5432/name?sslmode=require"
    assert parsed(url).drivername == "postgresql+psycopg"
    assert parsed(url).query == {"sslmode": "require"}
    assert isinstance(store_for(url), PostgresStore)


def test_a_path_after_three_slashes_is_a_file() -> None:
    assert isinstance(store_for("sqlite:///some.db"), SqliteStore)
    assert parsed("sqlite:////var/lib/unknot/some.db").database == "/var/lib/unknot/some.db"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite:///x?mode=memory",
    ],
)
def test_a_database_in_memory_is_refused_with_the_cure(url: str) -> None:
    for make in (store_for, engine_for):
        with pytest.raises(ValueError, match=r"sqlite:///path/to/file\.db"):
            make(url)


@pytest.mark.parametrize(
    "url", ["mysql://me:opensesame@host/x", "opensesame", "postgresql://me:opensesame@host:port/x"]
)
def test_an_address_that_is_refused_does_not_show_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="Write sqlite:///") as refusal:
        store_for(url)
    assert "opensesame" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_an_error_is_described_in_one_line() -> None:
    assert described(ValueError("first\nsecond")) == "ValueError first"
