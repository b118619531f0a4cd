"""The project: settings, addresses, the queue, embedded servers. Apps stand beside it."""
