"""The faces that the mall draws text with: files of a wheel, the same on every machine."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def folder() -> Path:
    """Return the folder of the Noto faces. Raises FileNotFoundError where the wheel is missing."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package pylopdf-fonts-zh-cn with the Noto faces is not installed")
    return Path(spec.origin).parent


def sans_face() -> Path:
    """Return the file of Noto Sans SC."""
    return folder() / "NotoSansSC-Regular.otf"


def serif_face() -> Path:
    """Return the file of Noto Serif SC."""
    return folder() / "NotoSerifSC-Regular.otf"
