"""Sorts one patient text into a Finding; pure: it reads no clock, file, chance or log."""
