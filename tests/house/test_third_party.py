"""THIRD_PARTY.md lists what the locks install, and nothing else."""

import json
import re

from tests.house.project import PROJECT

LISTED = set(
    re.findall(r"^\| ([@\w/.-]+) \| ([\d][\w.]*) \| [^|]+ \|$", (PROJECT / "THIRD_PARTY.md").read_text(), re.MULTILINE)
)


def test_every_locked_package_is_listed_with_its_version_and_licence():
    locks = "".join(
        (PROJECT / "requirements" / f"{part}.txt").read_text() for part in ["base", "local", "dev", "proofs"]
    )
    used = set(re.findall(r"^([a-z0-9-]+)==(\S+)", locks, re.MULTILINE))
    for part in ("browser", "audit"):
        used |= set(json.loads((PROJECT / "tests" / part / "package.json").read_text())["dependencies"].items())
    assert used == LISTED
