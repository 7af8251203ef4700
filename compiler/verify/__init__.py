"""Questions about all cases at once: rulebooks as decision diagrams over facts."""
