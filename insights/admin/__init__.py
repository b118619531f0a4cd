"""The operators' first page, targets and promises, and the page of settings and health."""

from . import aims as aims
from . import cockpit as cockpit
from . import health as health
from . import tables as tables
