"""docs/operations.md names every variable that settings read, and every command that it tells to run."""

import re

from django.core.management import get_commands

from tests.house.project import PROJECT

TEXT = (PROJECT / "docs" / "operations.md").read_text()


def test_every_variable_of_the_settings_is_explained():
    read = {
        name
        for part in ["base", "local", "production"]
        for name in re.findall(r'env\.\w+\("([A-Z_]+)"', (PROJECT / "mall" / "settings" / f"{part}.py").read_text())
    }
    explained = {
        name for row in re.findall(r"^\| (`.+?) \|", TEXT, re.MULTILINE) for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert read | {"DATABASE_OWNER_URL"} == explained


def test_every_command_that_pages_name_exists():
    for page in [PROJECT / "README.md", PROJECT / "README.zh.md", *sorted((PROJECT / "docs").glob("*.md"))]:
        named = re.findall(r"(?:manage\.py|DO=\") ?(\w+)", page.read_text())
        assert set(named) <= set(get_commands()), page


def test_every_link_of_the_pages_leads_somewhere():
    for page in [PROJECT / "README.md", PROJECT / "README.zh.md", *sorted((PROJECT / "docs").rglob("*.md"))]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_every_target_of_make_that_pages_name_exists():
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    for page in [PROJECT / "README.md", PROJECT / "README.zh.md", *sorted((PROJECT / "docs").glob("*.md"))]:
        named = re.findall(r"(?:`|^|=\d+ )make ([a-z-]+)", page.read_text(), re.MULTILINE)
        assert set(named) <= targets, page
