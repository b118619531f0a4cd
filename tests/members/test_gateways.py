"""Codes through an SMS relay: what goes over the wire, and what a relay that fails leaves behind."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from members.checks import check_wechat
from members.commands import SmsNotSent, send_code
from members.gateways.http import HttpGateway
from members.models import CodeRequest, SmsMessage
from tests.factories import AT

PHONE = "+8613800001111"


class Relay:
    """An SMS relay on this machine; `status` is what it answers."""

    def __init__(self) -> None:
        relay = self
        self.status = 202
        self.requests: list[tuple[dict[str, str], dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                relay.requests.append((dict(self.headers), json.loads(body)))
                self.send_response(relay.status)
                if relay.status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Keep the test's output readable."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sms"


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    relay = Relay()
    thread = Thread(target=relay.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SMS_GATEWAY = "members.gateways.http.HttpGateway"
    settings.SMS_HTTP_URL, settings.SMS_HTTP_KEY = relay.url, "secret"
    yield relay
    relay.server.shutdown()
    thread.join()
    relay.server.server_close()


def test_a_code_goes_to_the_relay_with_its_key(relay: Relay) -> None:
    HttpGateway().send(phone=PHONE, purpose="login", code="123456", at=AT)
    headers, content = relay.requests[0]
    assert headers["Authorization"] == "Bearer secret"
    assert content == {"phone": PHONE, "purpose": "login", "code": "123456"}


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_a_relay_that_does_not_take_the_message_is_an_error(relay: Relay, status: int) -> None:
    relay.status = status
    with pytest.raises(SmsNotSent):
        HttpGateway().send(phone=PHONE, purpose="login", code="123456", at=AT)
    assert len(relay.requests) == 1


@pytest.mark.django_db
def test_a_relay_that_is_not_there_still_counts_the_request(relay: Relay, settings: Any) -> None:
    settings.SMS_HTTP_URL = "http://127.0.0.1:9/nobody"
    with pytest.raises(SmsNotSent):
        send_code(phone=PHONE, purpose="login", address="", at=AT)
    assert CodeRequest.objects.count() == 1
    assert SmsMessage.objects.count() == 0


@pytest.mark.django_db
def test_the_page_says_that_no_message_went_out(relay: Relay, client: Client) -> None:
    relay.status = 500
    answer = client.post("/account/login/", {"phone": "13800001111", "agreed": "1"})
    assert answer.status_code == 503
    assert "短信没有发出" in answer.content.decode()


@pytest.mark.django_db
def test_the_code_that_was_sent_lets_in(relay: Relay, client: Client) -> None:
    client.post("/account/login/", {"phone": "13800001111", "agreed": "1"})
    answer = client.post("/account/login/code/", {"code": relay.requests[0][1]["code"]})
    assert answer.status_code == 302
    assert SmsMessage.objects.count() == 0


def test_half_of_wechat_and_wechat_in_the_clear_stop_the_start(settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = "", "secret"
    assert [error.id for error in check_wechat(None)] == ["members.E005"]
    settings.WECHAT_APP_ID, settings.WECHAT_API_URL = "wx1", "http://api.weixin.qq.com"
    assert [error.id for error in check_wechat(None)] == ["members.E006"]
    settings.WECHAT_OPEN_URL, settings.WECHAT_API_URL = "https://open.weixin.qq.com", "https://api.weixin.qq.com"
    assert check_wechat(None) == []


def test_a_notice_goes_to_the_relay_without_a_code(relay: Relay) -> None:
    HttpGateway().notify(phone=PHONE, notice="closed", at=AT)
    assert relay.requests[0][1] == {"phone": PHONE, "notice": "closed"}
