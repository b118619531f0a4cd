"""`make mutants`: change the pure rules in thousands of small ways, one at a time, and see whether a test notices.

mutmut works on a copy of what git knows. Tests that need a database are left out: rules have none.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.house.project import PROJECT, tracked_files
from tests.proofs import evidence

OUTCOMES = ("killed", "timeout", "survived", "no tests", "suspicious", "skipped")
ROW = re.compile(r"^\s*(\S+)__mutmut_\d+: (.+?)\s*$", re.MULTILINE)
SURVIVORS_SHOWN = 40


def main() -> int:
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        for file in tracked_files():
            target = copy / file.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
        mutmut = [sys.executable, "-m", "mutmut"]
        subprocess.run(
            [*mutmut, "run", "--max-children", "2", *sys.argv[1:]],
            cwd=copy,
            env=os.environ | {"EXAMPLES_PERCENT": "10"},
            check=False,
        )
        told = subprocess.run(
            [*mutmut, "results", "--all", "true"], cwd=copy, capture_output=True, text=True, check=True
        )
    found = ROW.findall(told.stdout)
    if not found:
        print("mutants: none were made; do the tests pass without a change?", file=sys.stderr)
        return 1
    page = evidence.write("mutants", "Mutants of the rules", _body(found))
    print(f"mutants: see {page.relative_to(PROJECT)}")
    return 0


def _body(found: list[tuple[str, str]]) -> str:
    outcomes = Counter(outcome for _, outcome in found)
    noticed = outcomes["killed"] + outcomes["timeout"]
    modules: dict[str, Counter[str]] = {}
    for name, outcome in found:
        modules.setdefault(name.rsplit(".", 1)[0], Counter())[outcome] += 1
    lines = [
        f"`make mutants`: {len(found):,} mutants, {noticed:,} noticed ({noticed / len(found):.1%}).",
        "",
        "| module | mutants | noticed | survived | no test |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for module, counted in sorted(modules.items()):
        alive = counted["killed"] + counted["timeout"]
        lines.append(f"| `{module}` | {counted.total()} | {alive} | {counted['survived']} | {counted['no tests']} |")
    survivors = Counter(_readable(name) for name, outcome in found if outcome in ("survived", "no tests"))
    if survivors:
        lines += ["", "Where mutants live on:", ""]
        lines += [f"- `{name}`: {count}" for name, count in survivors.most_common(SURVIVORS_SHOWN)]
    return "\n".join(lines)


def _readable(name: str) -> str:
    """Return the function that mutmut's mangled name stands for."""
    return re.sub(r"xǁ(\w+?)ǁ", r"\1.", name).replace(".x_", ".")


if __name__ == "__main__":
    sys.exit(main())
