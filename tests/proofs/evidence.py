"""Pages of evidence: what was run, on what, and what came out."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "evidence"


def write(name: str, title: str, body: str) -> Path:
    """Write the page of today, in place of one written earlier today; `title` is completed by the date."""
    today = datetime.now(UTC).date().isoformat()
    page = FOLDER / f"{today}-{name}.md"
    page.write_text(f"# {title} on {today}\n\n{_circumstances()}\n\n{body.rstrip()}\n")
    return page


def _circumstances() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return f"Commit {commit or 'unknown'}, {os.cpu_count()} processors, Python {platform.python_version()}."
