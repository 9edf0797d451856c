"""Ways in and out of the desk, a folder each. They know transports, not tickets."""
