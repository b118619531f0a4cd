"""Why a request is refused."""


class EnterpriseRefused(Exception):
    """It cannot be done; the text says why, `field` what it is about, if it is about one. Nothing was changed."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.field = field
