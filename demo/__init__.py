"""What `make demo` plays: a simulated till and the story of one bar."""
