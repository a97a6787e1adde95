"""When: what is due, and the queue that wakes somebody up for it."""
