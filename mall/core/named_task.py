"""Tasks that work under the name of the request that rang for them."""

from typing import Any

from celery import Task

from mall.core import request_id


class NamedTask(Task):
    """Carries the name of the request that rang over to the worker, so that log lines of both can be laid together."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        name = request_id.current() or request_id.new_request_id()
        options["headers"] = {**(options.get("headers") or {}), "request_id": name}
        return super().apply_async(*args, **options)

    def __call__(self, *args: Any, **options: Any) -> Any:
        name = (self.request.headers or {}).get("request_id") or getattr(self.request, "request_id", None)
        request_id.stand_for(name if isinstance(name, str) and request_id.is_plausible(name) else "")
        return self.run(*args, **options)
