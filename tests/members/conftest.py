"""The stand-in of WeChat on a real server, and the mall beside it."""

from typing import Any

import pytest


@pytest.fixture
def wechat(live_server: Any, settings: Any) -> str:
    """Serve the stand-in over HTTP; returns its address."""
    address = f"{live_server.url}/sandbox/wechat"
    settings.WECHAT_OPEN_URL = settings.WECHAT_API_URL = address
    return address
