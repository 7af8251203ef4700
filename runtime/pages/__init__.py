"""Pages for people: a compiled rulebook → Markdown and a static site that needs no network."""
