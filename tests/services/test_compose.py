"""No container engine runs here, so the files of production are read: what they name must exist."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.processes import PROJECT

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
BASE_SETTINGS = ["base.py", "production.py"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SECRETS = re.compile(r"KEY|PASSWORD|SECRET")
# Needed only where what they belong to is in use: empty means that it is not.
OPTIONAL = re.compile(r"SMS_HTTP_KEY|WECHAT_|ALIPAY_")


def variables_read() -> set[str]:
    """Return the names that settings, manage.py and Django itself read from the environment."""
    text = "".join((PROJECT / "mall" / "settings" / name).read_text() for name in BASE_SETTINGS)
    text += (PROJECT / "manage.py").read_text()
    return set(re.findall(r'(?:env\.\w+|environ\.get|environ\.setdefault)\("([A-Z_]+)"', text))


def interpolated(value: Any) -> list[tuple[str, str]]:
    """Return name and operator of each ${…} in a value; `$$` is a dollar for the container's own shell."""
    text = re.sub(r"\$\$", "", yaml.safe_dump(value))
    return re.findall(r"\$\{(\w+)(:?[-?])?", text)


def test_the_shape_is_web_worker_beat_and_their_servers():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "pgbouncer", "valkey"}
    assert OURS == ["beat", "migrate", "web", "worker"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_that_settings_read(name):
    assert set(SERVICES[name]["environment"]) - variables_read() == set()


@pytest.mark.parametrize("name", OURS)
def test_every_secret_that_settings_need_is_given(name):
    needed = set(re.findall(r'env\.\w+\("(\w+)"\)', (PROJECT / "mall" / "settings" / "production.py").read_text()))
    assert needed <= set(SERVICES[name]["environment"])


def test_no_secret_has_a_default():
    without_stop = [(name, how) for name, how in interpolated(COMPOSE) if SECRETS.search(name) and how != ":?"]
    assert [name for name, how in without_stop if not OPTIONAL.match(name) or how != ":-"] == []
    defaults = re.findall(r"\$\{(\w+):-([^}]+)\}", yaml.safe_dump(COMPOSE))
    assert [name for name, _ in defaults if SECRETS.search(name)] == []
    literal = [
        f"{name}.{variable}"
        for name, service in SERVICES.items()
        for variable, value in service.get("environment", {}).items()
        if SECRETS.search(variable) and not str(value).startswith("${")
    ]
    assert literal == []


def test_the_example_environment_names_all_that_must_be_set_and_holds_no_secret():
    example = dict(re.findall(r"^(\w+)=(.*)$", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert {name for name, how in interpolated(COMPOSE) if how == ":?"} <= set(example)
    assert [name for name, value in example.items() if SECRETS.search(name) and value] == []


@pytest.mark.parametrize("name", OURS)
def test_every_command_exists(name):
    program, *words = SERVICES[name]["command"]
    if program == "python":
        assert (PROJECT / words[0]).exists()
        assert words[1] in get_commands()
    else:
        assert (Path(sys.executable).parent / program).exists()
        target = words[words.index("-A") + 1] if "-A" in words else words[0].split(":")[0]
        assert importlib.import_module(target)


def test_every_image_is_pinned_by_version():
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if not re.search(r":v?\d+\.\d+(\.\d+)?[\w.-]*$", image)] == []


def test_every_file_that_is_mounted_or_run_exists():
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (PROJECT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
    assert (PROJECT / SERVICES["web"]["healthcheck"]["test"][2]).is_file()
    assert os.access(PROJECT / "docker" / "postgres-init.sh", os.X_OK)


def test_the_image_runs_as_no_root_and_installs_the_lock():
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER mall$", DOCKERFILE, re.MULTILINE)
    for source in re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE):
        assert (PROJECT / source).exists()
    for app in re.search(r"compileall -q (.*?) \\", DOCKERFILE)[1].split():
        assert (PROJECT / app).is_dir()


@pytest.mark.parametrize("missing", ["SECRET_KEY", "SANDBOX_KEY"])
def test_production_does_not_start_without_a_secret(missing):
    given = {"SECRET_KEY": "k", "SANDBOX_KEY": "k", "PATH": os.environ["PATH"]}
    given.pop(missing)
    done = subprocess.run(
        [sys.executable, "-c", "import mall.settings.production"],
        cwd=PROJECT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"Set the {missing} environment variable" in done.stderr


@pytest.mark.parametrize(
    ("provider", "missing"),
    [("wechat", "WECHAT_PAY_PRIVATE_KEY"), ("wechat", "WECHAT_APP_ID"), ("alipay", "ALIPAY_PUBLIC_KEY")],
)
def test_production_does_not_start_with_a_provider_whose_keys_are_missing(provider, missing):
    names = re.findall(r"^((?:WECHAT|ALIPAY)_\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    given = {"SECRET_KEY": "k", "SANDBOX_KEY": "k", "PATH": os.environ["PATH"], "PAYMENT_PROVIDERS": provider}
    given |= {name: "given" for name in [*names, "WECHAT_APP_ID"] if name != missing}
    done = subprocess.run(
        [sys.executable, "-c", "import mall.settings.production"],
        cwd=PROJECT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"Set the {missing} environment variable" in done.stderr
