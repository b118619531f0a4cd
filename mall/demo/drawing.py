"""Draws the products' pictures in processes of their own: `python -m mall.demo.drawing MEDIA KEPT`, jobs on its input.

Every product's pictures are kept under the digest of what they are drawn from, the drawing code included: what was
drawn before is only linked or copied. A line is printed for each product that is done. Nothing here needs Django.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import IO

import mall.pictures
from mall.pictures import VIEWS, category_path, draw_category, picture_files
from mall.services.children import die_with_parent

PROJECT = Path(__file__).resolve().parents[2]


class NotDrawn(Exception):
    """A drawing process has failed; the text is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A product as its pictures show it, in some views and with so many photos of buyers; or by one of its goods a
    category."""

    slug: str
    hue: int
    silhouette: str
    label: str
    mark: str
    theme: str
    views: tuple[str, ...] = VIEWS
    snapshots: int = 0
    is_category: bool = False


@dataclass(frozen=True, slots=True)
class _Drawer:
    process: subprocess.Popen[str]
    said: IO[str]
    wrong: IO[str]


class Drawers:
    """Processes at work."""

    def __init__(self, drawers: Sequence[_Drawer]) -> None:
        self._drawers = drawers

    def done(self) -> int:
        """Return how many products are drawn so far."""
        return sum(_text(drawer.said).count("\n") for drawer in self._drawers)

    def wait(self) -> None:
        """Return when all is drawn. Raises NotDrawn."""
        for drawer in self._drawers:
            if drawer.process.wait():
                raise NotDrawn(_text(drawer.wrong).strip()[-300:] or f"exit {drawer.process.returncode}")


@contextmanager
def drawers_at_work(subjects: Sequence[Subject], *, media: Path, kept: Path, processes: int = 1) -> Iterator[Drawers]:
    """Draw meanwhile, into `media`; whoever still draws when the block is left is stopped."""
    command = [sys.executable, "-m", "mall.demo.drawing", str(media), str(kept)]
    with ExitStack() as stack:
        drawers = []
        for number in range(processes):
            jobs = stack.enter_context(TemporaryFile("w+"))
            json.dump([asdict(subject) for subject in subjects[number::processes]], jobs)
            jobs.seek(0)
            said, wrong = (stack.enter_context(TemporaryFile("w+")) for _ in range(2))
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                stdin=jobs,
                stdout=said,
                stderr=wrong,
                text=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
            stack.callback(_stop, process)
            drawers.append(_Drawer(process, said, wrong))
        yield Drawers(drawers)


def draw(subject: Subject, *, media: Path, kept: Path, code: str) -> None:
    """Bring a product's pictures into `media`, drawn now or kept from before. `code` is the digest of what draws."""
    digest = hashlib.sha256(json.dumps([code, asdict(subject)]).encode()).hexdigest()[:32]
    folder = kept / digest
    if not folder.is_dir():
        drawn = Path(mkdtemp(dir=kept))
        for path, content in _files(subject):
            target = drawn / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try:
            drawn.rename(folder)
        except OSError:
            # Somebody else has drawn the same meanwhile.
            shutil.rmtree(drawn)
    for source in folder.rglob("*.webp"):
        target = media / source.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _files(subject: Subject) -> Iterator[tuple[str, bytes]]:
    told = asdict(subject)
    if told.pop("is_category"):
        look = {name: told[name] for name in ("slug", "hue", "silhouette", "label", "mark")}
        return iter([(category_path(subject.slug), draw_category(**look))])
    return picture_files(**told)


def main(media: Path, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    os.nice(5)
    code = digest_of_code()
    for job in json.load(sys.stdin):
        subject = Subject(**{**job, "views": tuple(job["views"])})
        draw(subject, media=media, kept=kept, code=code)
        print(subject.slug, flush=True)


def digest_of_code() -> str:
    """Return a digest of everything that pictures are drawn by."""
    sources = sorted(Path(mall.pictures.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


def _text(file: IO[str]) -> str:
    """Return what a child has written, without moving the place at which it writes."""
    return os.pread(file.fileno(), 1_000_000, 0).decode(errors="replace")


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
