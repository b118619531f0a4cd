"""The pages of which `make screens` takes pictures, person by person."""

from dataclasses import dataclass
from typing import Any

DEVICES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 375, "height": 812},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desk": {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1},
}


@dataclass(frozen=True)
class Shot:
    """One page. `who` is a person of the demo or nobody; `follow` are links that lead on to the page, `click` opens
    something on it. `{agent.referral_code}` in a path is read off the demo's accounts."""

    name: str
    path: str
    who: str = ""
    device: str = "phone"
    follow: tuple[str, ...] = ()
    click: tuple[str, ...] = ()
    full: bool = True

    @property
    def sheet(self) -> str:
        return self.name.split("-")[0]


PAGES = [
    Shot("visitor-home", "/"),
    Shot("visitor-product", "/", follow=("a[href^='/p/']",)),
    Shot("visitor-landing", "/r/{agent.referral_code}"),
    Shot("visitor-login", "/account/login/"),
    Shot("consumer-me", "/me/", who="consumer"),
    Shot("consumer-orders", "/orders/", who="consumer"),
    Shot("consumer-order", "/orders/", who="consumer", follow=("a[href^='/orders/']:not([href='/orders/'])",)),
    Shot("consumer-addresses", "/me/addresses/", who="consumer"),
    Shot("consumer-settings", "/me/settings/", who="consumer"),
    Shot("agent-home", "/agent/", who="agent"),
    Shot("ops-login", "/ops/login/", device="desk", full=False),
    Shot("ops-home", "/ops/", who="operator", device="desk", full=False),
    Shot("supplier-home", "/supplier/", who="supplier", device="desk", full=False),
]
