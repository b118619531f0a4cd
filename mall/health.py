"""What load balancers and monitors ask. None of it tells anybody anything but whether the mall works.

`/livez`: does this process answer? Restart it where it does not. `/readyz`: does it reach what it needs? Send it nobody
where it does not. `/healthz` is the same as the second, in one word, for older monitors.
"""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from mall.core.access import public

_migrated = False


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    _database()
    _cache()
    return HttpResponse("ok", content_type="text/plain")


@public
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    checks = {name: _works(check) for name, check in CHECKS.items()}
    ready = all(checks.values())
    told = {name: "ok" if works else "failed" for name, works in checks.items()}
    return JsonResponse({"status": "ready" if ready else "not ready", "checks": told}, status=200 if ready else 503)


def _works(check: Callable[[], None]) -> bool:
    """Say whether a check passes; why not is for the log of whatever failed, and for nobody here."""
    try:
        check()
    except Exception:
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.get("healthz")


def _migrations() -> None:
    """Compare once a process: what was applied stays so."""
    global _migrated
    if not _migrated:
        loader = MigrationLoader(connection)
        if set(loader.disk_migrations) - set(loader.applied_migrations or ()):
            raise RuntimeError("there are migrations to apply")
        _migrated = True


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "cache": _cache, "migrations": _migrations}
