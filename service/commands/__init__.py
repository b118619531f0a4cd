"""What can be done with messages, help and tickets, one function each. Time is an argument."""
