"""Ask this container's web server whether it is healthy, under the name by which the world knows it."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

site = urlsplit(os.environ["SITE_URL"])
request = urllib.request.Request(
    "http://127.0.0.1:8000/healthz", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
)
with urllib.request.urlopen(request, timeout=5) as answer:
    sys.exit(answer.status != 200)
