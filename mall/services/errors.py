class ServiceError(Exception):
    """Something a person can mend; the message is one sentence that says what."""
