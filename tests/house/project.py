"""The repository as the house tests see it."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FLOORS = [
    {"mall"},
    {"insights"},
    {"risk"},
    {"community"},
    {"storefront"},
    {"service"},
    {"agents"},
    {"reconciliation"},
    {"linkage"},
    {"onboarding"},
    {"remittance"},
    {"integration"},
    {"orders"},
    {"promotions"},
    {"suppliers"},
    {"payouts"},
    {"members", "ledger"},
    {"core"},
]
APPS = sorted(
    name
    for floor in [*FLOORS, {"sandbox"}]
    for name in floor
    if name != "mall" and (PROJECT / name / "apps.py").exists()
)


def python_files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*.py")) if "__pycache__" not in file.parts)


@cache
def tracked_files() -> list[Path]:
    """Return the files that git knows; outside a clone, all but what is built."""
    git = shutil.which("git") if (PROJECT / ".git").exists() else None
    if git:
        listed = subprocess.run([git, "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
        return [PROJECT / name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]
    hidden = {".venv", ".boot", "var", "node_modules", ".chromium", "__pycache__", ".git"}
    hidden |= {".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache"}
    return [file for file in PROJECT.rglob("*") if file.is_file() and not hidden & set(file.relative_to(PROJECT).parts)]
