"""The tests of the mall; the house rules for them stand in docs/."""
