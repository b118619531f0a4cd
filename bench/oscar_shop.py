"""The reference for pages and placing orders: a shop of django-oscar in an environment and a process of its own."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench.serving import Server

FOLDER = Path(__file__).parent / "oscar"
VENV = FOLDER / ".venv"
REDIS_NUMBER = 9


@dataclass(frozen=True, slots=True)
class OscarShop:
    """A filled shop that is being served: addresses of products and categories, and cookies of buyers."""

    server: Server
    products: list[str]
    product_ids: list[str]
    categories: list[str]
    cookies: list[str]


def install() -> None:
    """Bring the environment up to its lock. It is built once and kept beside the lock."""
    locked = FOLDER / "requirements.txt"
    done = VENV / ".installed"
    if done.exists() and done.read_text() == locked.read_text():
        return
    installer = FOLDER.parents[1] / "requirements" / "install"
    subprocess.run([installer, VENV, "../bench/oscar/requirements"], check=True, cwd=FOLDER.parents[1])
    done.write_text(locked.read_text())


@contextmanager
def served(database: str, content: dict[str, Any], pictures: Path) -> Iterator[OscarShop]:
    """Fill an empty database with `content` (see `minishop.fill`) and serve the shop while the block runs."""
    install()
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder)
        shutil.copytree(pictures, media / "images")
        environment = os.environ | {
            "OSCAR_DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{database}")),
            "OSCAR_REDIS_URL": f"{os.environ['REDIS_URL']}/{REDIS_NUMBER}",
            "OSCAR_MEDIA_ROOT": folder,
            "DJANGO_SETTINGS_MODULE": "minishop.settings",
            "PYTHONWARNINGS": "ignore",
        }
        (media / "content.json").write_text(json.dumps(content))
        filled = subprocess.run(
            [VENV / "bin" / "python", "-m", "minishop.fill", media / "content.json"],
            cwd=FOLDER,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
        )
        told = json.loads(filled.stdout)
        with Server(VENV / "bin" / "python", "minishop.wsgi:application", FOLDER, environment) as server:
            yield OscarShop(server, **told)
