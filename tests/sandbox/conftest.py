"""The sandbox on a real server, and the mall beside it."""

from typing import Any

import pytest

from tests.stand_ins import point_to


@pytest.fixture(name="mall_url")
def _mall_url(live_server: Any, settings: Any) -> str:
    """Serve the mall and the sandbox over HTTP, each knowing the other by its address; returns the address."""
    url: str = live_server.url
    point_to(settings, url)
    return url
