"""The one spelling of the lock of a request, of its changes of state, and of the lines of words in it."""

from typing import Any

from django.utils.translation import gettext as _

from mall.core.text import clean_line
from orders.models import EnterpriseRequest
from orders.rules.enterprise import REQUEST_CHANGES

from .refusals import MOVED_ON, EnterpriseRefused


def locked_request(**which: Any) -> EnterpriseRequest:
    """Return a request under its lock, with supplier and member, who are not locked. Raises EnterpriseRefused where
    there is none."""
    rows = EnterpriseRequest.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("supplier", "member").filter(**which).first()
    if found is None:
        raise EnterpriseRefused(_("没有这张询价单"))
    return found


def change_request(request: EnterpriseRequest, state: str, **fields: Any) -> None:
    """Bring a locked request into another state. Raises EnterpriseRefused where there is no such step."""
    if state not in REQUEST_CHANGES[request.state]:
        raise EnterpriseRefused(str(MOVED_ON))
    request.state = state
    for name, value in fields.items():
        setattr(request, name, value)
    request.save(update_fields=["state", *fields])


def line_of(text: str, length_max: int, *, field: str, required: str = "") -> str:
    """Return one line of people's words. Raises EnterpriseRefused where it is too long, or empty and `required`."""
    try:
        line = clean_line(text, length_max)
    except ValueError as error:
        raise EnterpriseRefused(_("最多 %(count)d 个字") % {"count": length_max}, field=field) from error
    if required and not line:
        raise EnterpriseRefused(required, field=field)
    return line
