"""RSA keys as providers' consoles hand them out: PEM, or the base64 between its lines in one line."""

import re


def pem(key: str, kind: str) -> str:
    """Return `key` as PEM; `kind` is what stands in its first line, such as `PRIVATE KEY`."""
    lines = key.replace("\\n", "\n").strip()
    if lines.startswith("-----BEGIN"):
        return lines + "\n"
    packed = re.sub(r"\s+", "", lines)
    broken = "\n".join(packed[start : start + 64] for start in range(0, len(packed), 64))
    return f"-----BEGIN {kind}-----\n{broken}\n-----END {kind}-----\n"
