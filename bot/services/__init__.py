"""The walks: one transaction each, no rule that could be a pure function."""
