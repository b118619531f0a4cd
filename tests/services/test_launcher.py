"""`python -m mall.services` as a person uses it."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mall.services.children import folder_error, log_error, start_error
from tests.processes import PROJECT, living_processes, wait_until

NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "SANDBOX_KEY", "MEDIA_ROOT")


def bare_environment(**given: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in NAMES} | given


def command(data: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "mall.services", "--fast", "--data", str(data), "--", *words]


def launch(data: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, *words), cwd=PROJECT, env=bare_environment(**given), capture_output=True, text=True, check=False
    )


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


@pytest.fixture
def data() -> Iterator[Path]:
    """A new folder outside pytest's own, which root's servers could not enter."""
    folder = Path(mkdtemp(prefix="mall-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_command_finds_both_servers_and_its_exit_code_comes_back(data):
    source = (
        "import os, psycopg2, redis;"
        "c = psycopg2.connect(os.environ['DATABASE_URL']).cursor();"
        "c.execute('SELECT current_user'); print(c.fetchone()[0]);"
        "c = psycopg2.connect(os.environ['DATABASE_OWNER_URL']).cursor();"
        "c.execute('SELECT current_user'); print(c.fetchone()[0]);"
        "print(redis.Redis.from_url(os.environ['REDIS_URL']).config_get('maxmemory-policy')); raise SystemExit(7)"
    )
    done = launch(data, *python(source))
    assert done.stdout.split("\n")[:3] == ["mall_app", "mall_owner", "{'maxmemory-policy': 'noeviction'}"], done.stderr
    assert done.returncode == 7


def test_data_and_passwords_stay_from_start_to_start(data):
    connect = "import os, psycopg2; d = psycopg2.connect(os.environ['DATABASE_OWNER_URL']); c = d.cursor();"
    made = launch(data, *python(connect + "c.execute('CREATE TABLE kept AS SELECT 42 AS n'); d.commit()"))
    assert made.returncode == 0, made.stderr
    found = launch(data, *python(connect + "c.execute('SELECT n FROM kept'); print(c.fetchone()[0])"))
    assert found.stdout.strip() == "42"


def test_the_passwords_are_for_the_owner_of_the_folder_only(data):
    assert launch(data, "true").returncode == 0
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    assert "scram-sha-256" in (data / "postgres" / "pg_hba.conf").read_text()
    assert "trust" not in {
        line.split()[-1]
        for line in (data / "postgres" / "pg_hba.conf").read_text().splitlines()
        if line[:4] in ("host", "loca")
    }


def test_the_database_gets_the_memory_that_is_asked_for(data):
    source = (
        "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']).cursor();"
        "c.execute('SHOW shared_buffers'); print(c.fetchone()[0])"
    )
    words = [*command(data)[:-1], "--buffers", "48MB", "--", *python(source)]
    ran = subprocess.run(words, cwd=PROJECT, env=bare_environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "48MB\n"), ran.stderr
    assert launch(data, *python(source)).stdout == "256MB\n"


def test_servers_that_the_environment_names_win(data):
    given = {"DATABASE_URL": "postgres://elsewhere/mall", "REDIS_URL": "redis://elsewhere"}
    done = launch(data, *python("import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"), **given)
    assert done.stdout.split() == ["postgres://elsewhere/mall", "redis://elsewhere"], done.stderr
    assert not (data / "postgres").exists()
    assert not (data / "valkey").exists()


def test_a_folder_with_other_files_is_left_alone(data):
    (data / "letter.txt").write_text("dear")
    owner = data.stat().st_uid
    done = launch(data, "true")
    assert done.returncode == 1
    assert done.stderr == f"mall.services: {data} holds other files: choose an empty folder with --data.\n"
    assert data.stat().st_uid == owner
    assert [file.name for file in data.iterdir()] == ["letter.txt"]


def test_a_missing_command_is_one_sentence(data):
    done = launch(data, "no-such-command")
    assert done.stderr == "mall.services: There is no command no-such-command that this user may run.\n"
    assert done.returncode == 1


def test_a_second_start_on_the_same_data_is_refused_and_a_killed_launcher_leaves_nothing(data):
    first = subprocess.Popen(
        command(data, *python("print('up', flush=True); input()")),
        cwd=PROJECT,
        env=bare_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdin is not None
    assert first.stdout is not None
    assert first.stdout.readline() == "up\n"
    second = launch(data, "true")
    assert second.returncode == 1
    assert (
        second.stderr
        == f"mall.services: The data in {data} are in use by process {first.pid}: stop it first, or --join it.\n"
    )
    joined = subprocess.run(
        [sys.executable, "-m", "mall.services", "--join", "--data", str(data), "--", "sh", "-c", "echo $DATABASE_URL"],
        cwd=PROJECT,
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert joined.stdout.startswith("postgres://mall_app:"), joined.stderr
    assert (data / "environment.json").stat().st_mode & 0o777 == 0o600
    assert living_processes(str(data)) != []

    first.send_signal(signal.SIGKILL)
    first.wait()
    wait_until(lambda: living_processes(str(data)) == [])
    third = launch(data, "true")
    assert third.returncode == 0, third.stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            folder_error(Path("/data"), OSError(errno.ENOSPC, "No space left on device")),
            "The disk that holds /data is full: make room there or choose another folder with --data.",
        ),
        (
            folder_error(Path("/data"), PermissionError(errno.EACCES, "Permission denied")),
            "This user may not write /data: choose another folder with --data.",
        ),
        (
            start_error("postgres", PermissionError(errno.EPERM, "Operation not permitted")),
            "Root may not start a process as `nobody` here (CAP_SETUID is missing): run as an ordinary user, "
            "or set DATABASE_URL and REDIS_URL to servers of your own.",
        ),
    ],
)
def test_what_a_person_can_mend_is_said_in_one_sentence(error, sentence):
    assert str(error) == sentence


def test_a_server_that_ends_for_want_of_room_says_so(data):
    log = data / "postgres.log"
    log.write_text("FATAL:  could not write lock file: No space left on device\n")
    assert str(log_error("PostgreSQL", log)) == f"PostgreSQL did not start because the disk that holds {data} is full."
