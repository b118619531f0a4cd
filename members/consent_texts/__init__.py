"""The words that people agree to, as they come with the mall. The first lines are the title and the purpose.

An operator's own words are further versions (`manage.py publish_consent_text`); these are version 1.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path


class MalformedText(ValueError):
    """A text does not begin with its title and its purpose."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it was written."""

    title: str
    purpose: str
    body: str

    @property
    def text_hash(self) -> str:
        """What proves later which words were agreed to."""
        return sha256(f"{self.title}\n{self.purpose}\n{self.body}".encode()).hexdigest()


def read_wording(text: str) -> Wording:
    """Read a text: `# title`, `> purpose`, an empty line, the body. Raises MalformedText."""
    head, _, body = text.replace("\r\n", "\n").strip().partition("\n\n")
    lines = head.split("\n")
    if len(lines) != 2 or not lines[0].startswith("# ") or not lines[1].startswith("> ") or not body.strip():
        raise MalformedText
    return Wording(lines[0][2:].strip(), lines[1][2:].strip(), body.strip())


@cache
def shipped_wording(kind: str) -> Wording:
    """Return the words that come with the mall."""
    return read_wording(Path(__file__).with_name(f"{kind}.md").read_text(encoding="utf-8"))
