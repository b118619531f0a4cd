"""The content security policy of the two admin sites.

Shop pages run no inline script or style. The admin theme computes expressions in attributes, so its pages alone may.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ADMIN_PREFIXES = ("/ops/", "/supplier/")
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}


class AdminPolicyMiddleware:
    """Loosen the policy under the admin sites; stands inside CSPMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(ADMIN_PREFIXES):
            setattr(response, "_csp_replace", ADMIN_POLICY)
        return response
