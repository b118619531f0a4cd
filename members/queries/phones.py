"""Phone numbers as the mall keeps them."""

from members.rules import normal_phone


def phone_as_kept(*, text: str) -> str:
    """Return a mainland mobile number, however it was typed, as it is kept: `+86…`. Raises ValueError."""
    return normal_phone(text)
