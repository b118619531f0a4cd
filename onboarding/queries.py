"""What is asked about applications."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from onboarding import rules
from onboarding.models import Application, ApplicationPaper, ApplicationStep
from suppliers.models import Category, Product, QualificationKind

# How many categories are offered.
CATEGORIES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as its applicant sees it."""

    step: ApplicationStep
    can_fill: bool


def application_of(*, member: Any) -> Application | None:
    """Return the application that a member goes on with, or the last one that was decided."""
    own = Application.objects.filter(applicant=member).select_related("supplier", "consent__text")
    return own.filter(stage__in=rules.LIVE).first() or own.order_by("-pk").first()


def step_lines(*, application: Application) -> list[StepLine]:
    """Return the steps in their order."""
    found = {step.step: step for step in application.steps.all()}
    return [StepLine(found[name], rules.can_fill(application.stage, found[name].state)) for name in rules.STEPS]


def step_of(*, application: Application, step: str) -> StepLine | None:
    """Return one step, None for a name that is none."""
    return next((line for line in step_lines(application=application) if line.step.step == step), None)


def paper_of(*, application: Application, kind: str) -> ApplicationPaper | None:
    """Return a document of an application."""
    return application.papers.filter(kind=kind).first()


def stage_counts() -> dict[str, int]:
    """Return how many applications are in each stage."""
    return dict(Application.objects.values_list("stage").annotate(count=Count("pk")).order_by())


def category_choices() -> list[tuple[Category, list[Category]]]:
    """Return the top of the tree, each with what stands right below it; where nothing does, itself is chosen."""
    rows = list(Category.objects.filter(level__lte=1).order_by("tree_id", "lft")[:CATEGORIES_SHOWN])
    tops: dict[int, tuple[Category, list[Category]]] = {row.pk: (row, []) for row in rows if row.level == 0}
    for row in rows:
        if row.level == 1 and row.parent_id in tops:
            tops[row.parent_id][1].append(row)
    return [(top, below or [top]) for top, below in tops.values()]


def paper_label(kind: str) -> str:
    """Return what people call a kind of document."""
    return str(QualificationKind(kind).label)


def first_product(*, application: Application) -> Product | None:
    """Return the first product that the new supplier made."""
    if application.supplier_id is None:
        return None
    return Product.objects.filter(supplier=application.supplier_id).order_by("pk").first()
