"""What can be done with keys, answers and webhooks. Time is an argument; whoever sends has no transaction open."""

from .acts import forget_acts, note_act
from .answers import answered_once, forget_answers
from .keys import IntegrationRefused, KeyRefused, MadeKey, make_key, note_use, opened_by, revoke_key
from .sending import AT_ONCE, forget_deliveries, redeliver, ring_due, send_due, send_ping, stop_overdue
from .webhooks import rotate_secret, set_webhook, switch_off, url_of

__all__ = [
    "AT_ONCE",
    "IntegrationRefused",
    "KeyRefused",
    "MadeKey",
    "answered_once",
    "forget_acts",
    "forget_answers",
    "forget_deliveries",
    "make_key",
    "note_act",
    "note_use",
    "opened_by",
    "redeliver",
    "revoke_key",
    "ring_due",
    "rotate_secret",
    "send_due",
    "send_ping",
    "set_webhook",
    "stop_overdue",
    "switch_off",
    "url_of",
]
