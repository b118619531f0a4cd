"""The share card inside WeChat: a page of ours is signed, so that its script may set the card."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

import members.commands
from mall.core import clock
from mall.core.access import public

ADDRESS_MAX = 2_000


@public
@require_safe
def js_sdk(request: HttpRequest) -> JsonResponse:
    """Sign the address of one of our own pages, without its fragment."""
    if not settings.WECHAT_JS_SDK_URL:
        raise Http404
    address = request.GET.get("url", "").partition("#")[0]
    site, wanted = urlsplit(settings.SITE_URL), urlsplit(address)
    if len(address) > ADDRESS_MAX or (wanted.scheme, wanted.netloc) != (site.scheme, site.netloc):
        return JsonResponse({"error": "url"}, status=400)
    try:
        answer = JsonResponse(members.commands.sign_page(url=address, at=clock.now()))
    except members.commands.WechatError:
        return JsonResponse({"error": "wechat"}, status=502)
    answer["Cache-Control"] = "no-store"
    return answer
