"""Why there is no direct reward: what is said agrees with what the rules do, whatever happened before."""

from hypothesis import given
from hypothesis import strategies as st

from linkage.rules.engine import AGENT, CONSUMER, DIRECT, PARTNER, Book, Refused
from linkage.rules.plan import Plan
from linkage.rules.verdict import EARNS, NONE_PLANNED, REPEAT, UNRANKED, direct_verdict

plans = st.builds(
    Plan,
    direct_agent_fen=st.sampled_from([0, 10_000]),
    direct_partner_fen=st.sampled_from([0, 12_000]),
    repeat_direct_fen=st.sampled_from([0, 500]),
    unranked_referrer=st.sampled_from(["forfeit", "roll_up"]),
    promotion_referrals=st.integers(1, 3),
)
acts = st.lists(st.tuples(st.sampled_from(["buy", "refund"]), st.integers(0, 5), st.integers(1, 2)), max_size=25)


@given(plans, acts)
def test_the_verdict_is_what_settlement_did(plan: Plan, story: list[tuple[str, int, int]]) -> None:
    book = Book({1: plan})
    for number in range(6):
        book.join(0, number, None if number == 0 else (number - 1) // 2)
    bought: list[int] = []
    for act, who, packs in story:
        if act == "refund":
            if who < len(bought):
                try:
                    book.refund(0, bought[who])
                except Refused:
                    continue
            continue
        buyer = book.members[who]
        referrer = None if buyer.referrer is None else book.members[buyer.referrer]
        before = None if referrer is None else (referrer.packs, book.acting(referrer, plan))
        order = book.order(0, len(book.orders), who, packs)
        bought.append(order.id)
        if referrer is None or before is None:
            continue
        standing, acting = before
        verdict = direct_verdict(
            plan,
            packs=packs,
            first_packs=order.first_packs,
            referrer_packs=standing,
            referrer_is_partner=acting == PARTNER,
        )
        got = any(reward.kind == DIRECT and reward.member == referrer.id for reward in order.rewards)
        assert (verdict == EARNS) == got
        if verdict == UNRANKED:
            assert acting == CONSUMER
        elif verdict == REPEAT:
            assert acting in (AGENT, PARTNER)
            assert not order.first_packs
            assert not plan.repeat_direct_fen
        elif verdict == NONE_PLANNED:
            assert order.first_packs
