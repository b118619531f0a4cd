"""What members see of a supplier's side: seats offered to them."""
