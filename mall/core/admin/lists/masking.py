"""How people stand in files when nobody said why they should stand there whole."""

from typing import Any

from mall.core.names import masked_phone


def masked_name(member: Any) -> str:
    """The first character of the name."""
    name = str(member)
    return f"{name[:1]}**"


def masked_number(member: Any) -> str:
    """The phone with its middle left out."""
    return masked_phone(member.phone) if member.phone else ""
