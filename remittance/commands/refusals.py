"""Why something cannot be done."""


class RemittanceRefused(Exception):
    """What was asked cannot be done; the text says why."""
