"""Archives as a person opens them."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import httpx

from tests.factories import Guest

Part = list[dict[str, Any]]


class Archive:
    """What came, opened."""

    def __init__(self, content: bytes) -> None:
        self._zip = ZipFile(BytesIO(content))
        assert self._zip.testzip() is None
        self.names = set(self._zip.namelist())

    def text(self, name: str) -> str:
        return self._zip.read(name).decode()

    def json(self, name: str) -> Any:
        return json.loads(self.text(name))

    def part(self, name: str) -> Part:
        rows: Part = self.json(f"json/{name}.json")
        return rows

    def csv(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self.text(f"csv/{name}.csv"), newline="")))

    def parts(self) -> dict[str, Part]:
        return {name[5:-5]: self.json(name) for name in self.names if name.startswith("json/")}

    def everything(self) -> str:
        return "\n".join(self.text(name) for name in sorted(self.names))


async def exported(service: httpx.AsyncClient, guest: Guest) -> Archive:
    answer = await service.get("/v1/me/export", headers=guest.headers)
    assert answer.status_code == 200, answer.text
    return Archive(answer.content)
