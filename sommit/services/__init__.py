"""Every decision and every write. Services take what they need as arguments and never commit."""
