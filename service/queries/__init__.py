"""What is read of messages, help and tickets."""
