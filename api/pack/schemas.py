"""The offline pack on the wire."""

from pydantic import Field

from api.catalogue.schemas import Spoken
from api.web.wire import Output


class PackDocument(Output):
    """One answer of this service, whole. Keep `body` under `path`: it is what that address gives, byte for byte."""

    path: str = Field(description="Address and query.", examples=["/v1/routines/seed-full/timeline?level=0&lang=en"])
    media_type: str = Field(examples=["application/json"])
    bytes: int = Field(description="The length of `body` in UTF-8.")
    sha256: str = Field(description="Of `body` in UTF-8, in hexadecimal digits.")
    etags: list[str] = Field(
        description="The tags of that address in every coding; all of them together make its `If-None-Match`."
    )
    body: str


class Pack(Spoken):
    """Everything that a phone needs offline in one language. Equal content gives equal bytes."""

    documents: list[PackDocument]


class FigurePack(Output):
    """The drawings that go with the pack, the same in every language. Their addresses change when they do."""

    content_version: str = Field(examples=["9e7b7d664421"])
    documents: list[PackDocument]
