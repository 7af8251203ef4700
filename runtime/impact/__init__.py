"""What a change of rules costs: two versions over one table of cases."""
