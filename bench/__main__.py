"""Measure, prove the books after every run, print a table and write `bench/results.json`.

python -m mall.services --temporary -- python -m bench [GROUP] [--full] [--only NAME …]
"""

import argparse
import os
import platform
import sys

import django
from rich.console import Console


def main() -> int:
    from bench import databases

    try:
        databases.check()
    except databases.NoServers as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()

    from bench import results
    from bench.measures import GROUPS, MEASURES
    from bench.run import Run
    from mall.celery import keep_what_is_loaded

    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the mall.")
    parser.add_argument("group", nargs="?", choices=GROUPS, default="books", help="books (the default), pages or desks")
    parser.add_argument("--full", action="store_true", help="also with a million members")
    parser.add_argument("--only", nargs="+", choices=MEASURES, metavar="NAME", help=f"some of {', '.join(MEASURES)}")
    parser.add_argument("--scale", type=int, default=1, help="divide the sizes by this, to try it out; writes no file")
    options = parser.parse_args()

    run = Run(full=options.full, scale=options.scale)
    found: list[results.Result] = []
    failed: list[str] = []
    try:
        databases.make_empty()
        for name in options.only or GROUPS[options.group]:
            run.tell(f"[bold]{name}[/bold]")
            # Each begins as a worker does, whatever the one before it has loaded.
            keep_what_is_loaded()
            try:
                found += MEASURES[name](run)
            except Exception:
                # What was measured before is not lost.
                failed.append(name)
                run.console.print_exception()
    finally:
        databases.drop_all()
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(results.table(found))
    console.print(f"{os.cpu_count()} processors, Python {platform.python_version()}, {databases.server_version()}")
    if run.scale == 1:
        results.write(found)
    if failed:
        console.print(f"[bold red]not measured: {', '.join(failed)}[/bold red]")
    return 0 if not failed and all(result.holds for result in found) else 1


if __name__ == "__main__":
    sys.exit(main())
