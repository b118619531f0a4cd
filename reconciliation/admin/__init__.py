"""The operators' page of a day, and what can be done there. `admin` is found by Django's autodiscovery."""

from . import acts, export, ledger, page, split

__all__ = ["acts", "export", "ledger", "page", "split"]
