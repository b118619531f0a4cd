"""The shop's front: pages for consumers that need several apps. It reads everyone below and has few rows of its own."""
