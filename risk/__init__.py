"""Signs of fraud: rules with thresholds, what a job finds by them with its evidence, and what people decide."""
