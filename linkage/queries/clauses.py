"""The plan in words, in the reader's language."""

from django.utils.translation import get_language, gettext

from linkage.rules import clauses
from linkage.rules.plan import Plan, TaskTerms


def clauses_of(*, plan: Plan) -> list[tuple[str, str]]:
    """Return what a plan says, clause by clause: what each is called (第一条, Article 1), and its text."""
    if not (get_language() or "").startswith("en"):
        named = [clause.partition("　") for clause in clauses.summary_zh(plan)]
        return [(name, text) for name, _, text in named]
    texts = clauses.clauses(plan, gettext)
    return [(f"Article {number}", text) for number, text in enumerate(texts, start=1)]


def task_words(task: TaskTerms) -> str:
    """Return what a seed user has to do, as it stands in a list of tasks."""
    return clauses.task_words(task, gettext)
