"""Questions about every case of one rulebook: proved, refuted by a replayed case, or undecided."""
