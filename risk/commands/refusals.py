"""Why something was not done."""


class RiskRefused(Exception):
    """Nothing was done; the text says why."""
