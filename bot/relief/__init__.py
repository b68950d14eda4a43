"""Answers become a timeline, phases and a pattern; pure."""
