"""The 2+1 rules: pure functions of integers, no Django, no clock. `docs/rules.md` is what they mean."""
