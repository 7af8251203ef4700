"""Many cases as tables: read, checked, decided, written. The extra `luling[batch]`."""
