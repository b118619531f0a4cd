"""What is refused, with the sentence that says why."""


class InsightsRefused(Exception):
    """The target or promise cannot be set so."""
