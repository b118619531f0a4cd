"""A receiver of the mall's webhooks: checks the signature, takes each message once. Needs Python 3.11 and no package.

SECRET=whsec_… PORT=9000 python receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
seen: set[str] = set()  # yours belongs into a database, with a unique key


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        message, sent_at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        mac = hmac.new(SECRET, f"{message}.{sent_at}.".encode() + body, hashlib.sha256).digest()
        wanted = "v1," + base64.b64encode(mac).decode()
        signed = any(hmac.compare_digest(wanted, one) for one in self.headers["webhook-signature"].split(" "))
        if not signed or abs(time.time() - int(sent_at)) > 300:
            self.send_answer(401)
            return
        if message not in seen:
            seen.add(message)
            print(json.loads(body), flush=True)
        self.send_answer(204)

    def send_answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
