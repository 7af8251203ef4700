"""Two versions of a rulebook held against one another: text, rules, outcomes, examples."""
