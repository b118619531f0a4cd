import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from mall.services import children
from mall.services.embedded import announced, default_data, services
from mall.services.errors import ServiceError
from mall.services.postgres import BUFFERS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mall.services", description="Run a command with embedded servers.")
    parser.add_argument("--data", type=Path, help="folder of the servers' data (default: var/ of the project)")
    parser.add_argument("--temporary", action="store_true", help="keep the data in a new folder, deleted at the end")
    parser.add_argument("--fast", action="store_true", help="for tests: survive no crash, and be quick")
    parser.add_argument("--buffers", default=BUFFERS, help=f"shared_buffers of PostgreSQL (default: {BUFFERS})")
    parser.add_argument("--join", action="store_true", help="use the servers that another start runs on the data")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND…")
    arguments = parser.parse_args()
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not command:
        parser.error("say which command to run, after --")
    signal.signal(signal.SIGTERM, _leave)
    try:
        with ExitStack() as stack:
            if arguments.temporary:
                data = Path(stack.enter_context(TemporaryDirectory(prefix="mall-", ignore_cleanup_errors=True)))
            else:
                data = (arguments.data or default_data()).resolve()
            if arguments.join:
                found = announced(data) | os.environ
            else:
                found = stack.enter_context(services(data, fast=arguments.fast, buffers=arguments.buffers))
            return run(command, found)
    except ServiceError as error:
        print(f"mall.services: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(command: list[str], found: dict[str, str]) -> int:
    """Run the command to its end and return its exit code; a Ctrl-C reaches it from the terminal itself."""
    try:
        process = subprocess.Popen(
            command, env={**os.environ, **found}, preexec_fn=children.die_with_parent(signal.SIGTERM)
        )
    except (FileNotFoundError, PermissionError):
        raise ServiceError(f"There is no command {command[0]} that this user may run.") from None
    while True:
        try:
            code = process.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:
            continue
        except SystemExit:
            process.send_signal(signal.SIGTERM)
            process.wait()
            raise


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
