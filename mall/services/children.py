"""Starting processes that never outlive the launcher, as root or as an ordinary user."""

import ctypes
import errno
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mall.services.errors import ServiceError

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """The user whom a server runs as. PostgreSQL refuses root, so root's servers run as `nobody`."""

    uid: int
    gid: int

    @classmethod
    def for_servers(cls) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            raise ServiceError(
                "PostgreSQL does not run as root, and this machine has no user `nobody` to run it."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_self(self) -> bool:
        return self.uid == os.geteuid()

    def own(self, path: Path) -> None:
        """Give one file or folder to this user."""
        if not self.is_self:
            try:
                os.chown(path, self.uid, self.gid)
            except PermissionError:
                raise ServiceError(
                    f"Root may not give {path} to `nobody` here (CAP_CHOWN is missing): run as an ordinary user."
                ) from None

    def folder(self, path: Path) -> Path:
        """Make a folder that only this user reads."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise folder_error(path, error) from None
        self.own(path)
        return path

    def popen_arguments(self) -> dict[str, Any]:
        return {} if self.is_self else {"user": self.uid, "group": self.gid, "extra_groups": []}


def folder_error(path: Path, error: OSError) -> ServiceError:
    """Say in one sentence why a folder cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ServiceError(
            f"The disk that holds {path} is full: make room there or choose another folder with --data."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ServiceError(f"This user may not write {path}: choose another folder with --data.")
    return ServiceError(f"{path} cannot be used: {error.strerror}.")


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a hook for a new process that has the kernel send it `number` when the launcher is gone."""
    parent = os.getpid()

    def hook() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return hook


def die_with_parent_of_this_process(number: signal.Signals) -> None:
    """Have the kernel send this process `number` when the one that started it is gone."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(number))


def start(
    command: Sequence[str | Path],
    *,
    account: Account,
    cwd: Path,
    log: IO[bytes],
    last_signal: signal.Signals,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C in the terminal reaches only the launcher."""
    try:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=server_environment() if environment is None else dict(environment),
            start_new_session=True,
            preexec_fn=die_with_parent(last_signal),
            **account.popen_arguments(),
        )
    except OSError as error:
        raise start_error(str(command[0]), error) from None


def run(command: Sequence[str | Path], *, account: Account, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a short server tool to its end and return what it printed."""
    try:
        return subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=server_environment(),
            check=False,
            **account.popen_arguments(),
        )
    except OSError as error:
        raise start_error(str(command[0]), error) from None


def start_error(program: str, error: OSError) -> ServiceError:
    if error.errno == errno.EPERM:
        return ServiceError(
            "Root may not start a process as `nobody` here (CAP_SETUID is missing): run as an ordinary user, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return ServiceError(f"{program} cannot be started: {error.strerror}.")


def server_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def can_run(program: Path, *, account: Account) -> bool:
    """Say whether the account reaches the program; a venv under a private home is out of `nobody`'s reach."""
    try:
        return (
            subprocess.run(
                [str(program), "--version"],
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=server_environment(),
                check=False,
                **account.popen_arguments(),
            ).returncode
            == 0
        )
    except PermissionError as error:
        if error.errno == errno.EPERM:
            raise start_error(str(program), error) from None
        return False


def copy_tree(source: Path, target: Path) -> None:
    """Copy programs to a place that the servers' user reaches."""
    try:
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    except shutil.Error as error:
        first = error.args[0][0][2]
        raise ServiceError(f"{source.name} could not be copied to {target}: {first}.") from None
    except OSError as error:
        raise folder_error(target, error) from None


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, int]) -> None:
    """Send each signal in turn, waiting its number of seconds, until the process has ended."""
    for number, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tail(path: Path, lines: int = 4) -> str:
    """Return the last lines of a server's log."""
    try:
        return " / ".join(path.read_text(errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return ""


def log_error(name: str, path: Path) -> ServiceError:
    """Say in one sentence why a server ended, read off its log."""
    text = tail(path, 200)
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return ServiceError(f"{name} did not start because the disk that holds {path.parent} is full.")
    return ServiceError(f"{name} did not start; the end of {path} says: {tail(path) or 'nothing'}.")
