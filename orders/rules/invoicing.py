"""What an invoice's title and tax number look like."""

import re

TITLE_MAX = 60
TITLES_MAX = 20
# The unified social credit code has 18 characters, older tax numbers 15 to 20.
_TAX_NUMBER = re.compile(r"[0-9A-Z]{15,20}")


def is_tax_number(text: str) -> bool:
    """Say whether this can be a company's tax number: 15 to 20 digits and capital letters."""
    return _TAX_NUMBER.fullmatch(text) is not None
