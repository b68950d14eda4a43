"""Measurements as ratios to a limit that is taken in the same run; never a timed test."""
