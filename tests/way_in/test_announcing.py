"""What a server says before it serves: where it is, and how a phone finds it."""

import socket

import pytest

from api.cli import announce
from api.settings import Settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is announced, not bound


class Offline(socket.socket):
    def connect(self, _: object) -> None:
        raise OSError(101, "Network is unreachable")


def announced(capsys: pytest.CaptureFixture[str], **settings: object) -> list[str]:
    announce(Settings.model_validate({"port": 8123, **settings}))
    return capsys.readouterr().out.splitlines()


def test_a_server_for_this_machine_alone_tells_how_a_phone_may_reach_it(capsys: pytest.CaptureFixture[str]) -> None:
    api, docs, phone = announced(capsys)
    assert api.endswith(" http://127.0.0.1:8123/v1")
    assert docs.endswith(" http://127.0.0.1:8123/docs")
    assert "--host 0.0.0.0" in phone


def test_a_server_for_everybody_names_an_address_without_looking_a_name_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(socket, "getaddrinfo")
    *_, phone = announced(capsys, host=EVERYWHERE)
    assert phone.startswith("From a phone     http://")
    assert phone.endswith(":8123/v1")
    assert "127.0.0.1" not in phone


def test_without_a_network_it_leaves_the_address_to_whoever_reads(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", Offline)
    *_, phone = announced(capsys, host=EVERYWHERE)
    assert phone == "From a phone     http://<this machine's address>:8123/v1"
