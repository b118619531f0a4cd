"""Foreign keys point down, as imports do."""

from django.apps import apps
from django.db.models import ForeignKey

from tests.house.project import APPS, FLOORS

HEIGHT = {label: -number for number, floor in enumerate(FLOORS) for label in floor}
BELOW_ALL = {"auth", "contenttypes", "sessions"}


def test_foreign_keys_point_down():
    wrong = []
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in HEIGHT:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey):
                continue
            target = field.related_model._meta.app_label
            if target == label or target in BELOW_ALL or HEIGHT.get(target, 1) < HEIGHT[label]:
                continue
            wrong.append(f"{label}.{model.__name__}.{field.name} points to {target}")
    assert wrong == []


def test_the_sandbox_has_no_foreign_key_to_the_mall():
    for model in apps.get_app_config("sandbox").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                assert field.related_model._meta.app_label == "sandbox"


def test_every_app_of_the_project_is_installed_under_its_own_name():
    assert [name for name in APPS if not apps.is_installed(name)] == []
    assert {apps.get_app_config(name).name for name in APPS} == set(APPS)


def test_every_app_says_what_it_is_for():
    assert [name for name in APPS if not (apps.get_app_config(name).module.__doc__ or "").strip()] == []
