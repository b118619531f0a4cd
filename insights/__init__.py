"""How the mall is doing, for operators: figures by day, targets and promises, what changed, and whether all runs."""
