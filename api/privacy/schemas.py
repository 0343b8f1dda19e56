"""Privacy on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.web.wire import Output


class ErasureReceipt(Output):
    """That an account was erased. It names nobody."""

    id: UUID = Field(description="Of the receipt; nothing else is kept under it.")
    erased_at: datetime
    erased: dict[str, int] = Field(
        description="How many rows went, by the parts of the archive that `GET /v1/me/export` gives."
    )
