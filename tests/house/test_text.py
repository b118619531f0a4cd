"""What no file of the repository may contain."""

import re

from tests.house.project import PROJECT, tracked_files

TEXT = {".py", ".html", ".js", ".css", ".md", ".toml", ".yml", ".txt", ".json", ".in", ".sql", ".svg", ".sh", ""}
# The brackets keep the patterns from finding themselves.
HOSTS = re.compile(r"p[y]pi\.org|p[y]thonhosted|n[p]mjs\.org|registry\.n[p]m|deb\.d[e]bian\.org")
MACHINE = re.compile(r"(?<![\w.])/(?:wor[k]|far[m]|roo[t]|hom[e])/")
UNFINISHED = re.compile(r"TO[D]O|FIX[M]E|XX[X]|Not[I]mplementedError|pytest\.mark\.(?:s[k]ip|x[f]ail)|pytest\.s[k]ip\(")
FLOATS = re.compile(r"\bfl[o]at\(|Flo[a]tField")


def lines_with(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    found = []
    for file in tracked_files():
        if "vendor" in file.parts or file.suffix not in (suffixes or TEXT) or file.stat().st_size > 3_000_000:
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{file.relative_to(PROJECT)}:{number} {line.strip()[:100]}")
    return found


def test_no_file_names_the_host_of_a_package_registry():
    assert lines_with(HOSTS) == []


def test_no_file_names_a_path_of_somebodys_machine():
    assert lines_with(MACHINE) == []


def test_nothing_is_left_unfinished_or_switched_off():
    assert lines_with(UNFINISHED, ".py", ".html", ".js", ".css") == []


def test_money_is_never_a_float():
    """Tests may feed one to see it refused."""
    assert [line for line in lines_with(FLOATS, ".py") if not line.startswith("tests/")] == []


def test_every_lock_has_hashes_and_no_host():
    for name in ["base", "local", "dev", "proofs"]:
        text = (PROJECT / "requirements" / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert not re.search(r"^-", text, re.MULTILINE)


def test_templates_have_no_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=\"|\son[a-z]+=\"")
    shop = [
        line for line in lines_with(inline, ".html") if not line.startswith(("templates/ops", "templates/supplier"))
    ]
    assert shop == []
