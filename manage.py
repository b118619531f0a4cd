#!/usr/bin/env python
"""Run a management command; those that change the schema run as the owner of the database."""

import os
import sys

from django.core.management import execute_from_command_line

OWNER_COMMANDS = {"flush", "makemigrations", "migrate", "sqlmigrate", "sqlflush"}


def main(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings.local")
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if owner_url and len(argv) > 1 and argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_URL"] = owner_url
    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
