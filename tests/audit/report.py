"""What Lighthouse found, in figures: medians, and what each misses."""

from dataclasses import dataclass
from statistics import median
from typing import Any

# Category or figure: the least, or the most, that is good enough.
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
LCP_MS_MAX = 2_000
WEIGHTS_MAX_KB = {"document": 30, "stylesheet": 25, "script": 60, "image": 200, "font": 0}
METRICS = {
    "lcp": "largest-contentful-paint",
    "tbt": "total-blocking-time",
    "cls": "cumulative-layout-shift",
    "ttfb": "server-response-time",
}


@dataclass(frozen=True)
class Found:
    """One page: medians over its runs, weights of the last one, and the audits that cost points."""

    name: str
    path: str
    is_public: bool
    scores: dict[str, int]
    metrics: dict[str, float]
    weights_kb: dict[str, float]
    requests: int
    costs: list[str]

    @property
    def missed(self) -> list[str]:
        """Return every target that the page misses."""
        wanted = {name: least for name, least in SCORES.items() if name != "seo" or self.is_public}
        missed = [
            f"{name} {self.scores[name]} < {least}" for name, least in wanted.items() if self.scores[name] < least
        ]
        if self.metrics["lcp"] > LCP_MS_MAX:
            missed.append(f"LCP {self.metrics['lcp']:.0f} ms > {LCP_MS_MAX}")
        missed += [
            f"{kind} {self.weights_kb[kind]:.1f} KB > {most}"
            for kind, most in WEIGHTS_MAX_KB.items()
            if self.weights_kb.get(kind, 0) > most
        ]
        return missed


def found_in(name: str, path: str, is_public: bool, reports: list[dict[str, Any]]) -> Found:
    """Return the medians of a page's reports."""
    last = reports[-1]
    return Found(
        name=name,
        path=path,
        is_public=is_public,
        scores={
            category: round(median(report["categories"][category]["score"] * 100 for report in reports))
            for category in SCORES
        },
        metrics={
            short: median(report["audits"][audit].get("numericValue", 0) for report in reports)
            for short, audit in METRICS.items()
        },
        weights_kb=_weights(last),
        requests=len(_requests(last)),
        costs=_costs(last, is_public),
    )


def page(found: list[Found], *, date: str, runs: int, machine: str) -> str:
    """Return the evidence as a page."""
    lines = [
        f"# The audit of {date}",
        "",
        f"`make audit`: Lighthouse with its mobile throttling, medians of {runs} runs, on the demo under gunicorn with",
        f"compressed pages and static files. {machine}",
        "",
        "Targets: performance ≥ 95, accessibility 100, best practices 100, SEO 100 on public pages, LCP ≤ 2.0 s.",
        "",
        "| page | address | performance | accessibility | best practices | SEO "
        "| LCP ms | TBT ms | CLS | TTFB ms | missed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        scores, metrics = one.scores, one.metrics
        seo = str(scores["seo"]) if one.is_public else "noindex"
        lines.append(
            f"| {one.name} | `{one.path}` | {scores['performance']} | {scores['accessibility']} | "
            f"{scores['best-practices']} | {seo} | {metrics['lcp']:.0f} | {metrics['tbt']:.0f} | "
            f"{metrics['cls']:.3f} | {metrics['ttfb']:.0f} | {'; '.join(one.missed) or '–'} |"
        )
    lines += ["", "## Weight of a first view", "", "Kilobytes over the wire, compressed.", ""]
    kinds = [*WEIGHTS_MAX_KB, "image below the fold"]
    lines += [f"| page | {' | '.join(kinds)} | requests |", f"| --- | {' | '.join('---' for _ in kinds)} | --- |"]
    for one in found:
        weights = " | ".join(f"{one.weights_kb.get(kind, 0):.1f}" for kind in kinds)
        lines.append(f"| {one.name} | {weights} | {one.requests} |")
    lines += [f"| gate | {' | '.join(f'≤ {most}' for most in WEIGHTS_MAX_KB.values())} | | |", ""]
    costs = [f"- {one.name}: {', '.join(one.costs)}" for one in found if one.costs]
    if costs:
        lines += ["## What costs points", "", *costs, ""]
    return "\n".join(lines)


def _requests(report: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = report["audits"]["network-requests"]["details"]["items"]
    return [row for row in rows if row.get("url", "").startswith("http")]


def _weights(report: dict[str, Any]) -> dict[str, float]:
    """Sum up by kind what came over the wire. The browser itself says which pictures it saw no hurry for."""
    weights: dict[str, float] = {}
    for row in _requests(report):
        kind = str(row.get("resourceType", "other")).lower()
        if kind == "image" and row.get("priority") == "Low":
            kind = "image below the fold"
        weights[kind] = weights.get(kind, 0) + (row.get("transferSize") or 0) / 1000
    return weights


def _costs(report: dict[str, Any], is_public: bool) -> list[str]:
    """Return the audits that cost points; a page of one's own is meant to be kept from search engines."""
    costs = []
    for category, body in report["categories"].items():
        if category == "seo" and not is_public:
            continue
        for reference in body["auditRefs"]:
            audit = report["audits"][reference["id"]]
            score = audit.get("score")
            if reference["weight"] and score is not None and score < 0.9:
                costs.append(f"{reference['id']} ({audit.get('displayValue') or audit['score']})")
    return costs
