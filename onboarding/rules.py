"""Stages of an application to supply, its steps, and which of them can be filled in when."""

FILLING, WAITING, RETURNED, APPROVED, REJECTED = "filling", "waiting", "returned", "approved", "rejected"
# While it is in one of these, its applicant has no other one.
LIVE = (FILLING, WAITING, RETURNED)
COMPANY, PAPERS, BANK, AGREEMENT = "company", "papers", "bank", "agreement"
STEPS = (COMPANY, PAPERS, BANK, AGREEMENT)
OPEN, FILLED, SENT_BACK, PASSED = "open", "filled", "sent_back", "passed"
# An application that nobody goes on with is forgotten after so many days, with its documents.
KEPT_DAYS = 180


def can_fill(stage: str, step_state: str) -> bool:
    """Say whether a step can be filled in: any before the first submission, later those alone that were sent back, as
    often as one likes until they are handed in again."""
    if stage == FILLING:
        return True
    return stage == RETURNED and step_state != PASSED


def is_complete(states: dict[str, str]) -> bool:
    """Say whether every step is filled in or passed."""
    return all(states.get(step) in (FILLED, PASSED) for step in STEPS)
