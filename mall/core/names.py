"""Names and phone numbers as others may see them."""


def masked_phone(phone: str) -> str:
    """Return a phone number as others may see it: `138****1111`."""
    national = phone.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}"


def masked_name(name: str) -> str:
    """Return a nickname as others may see it: its first character and two stars."""
    return f"{name[0]}**" if name else "匿名"


def masked_place(address: str) -> str:
    """Return an address as others may see it: its region, and nothing of the house."""
    region, space, _house = address.partition(" ")
    return f"{region} ****" if space else f"{address[:6]}****"
