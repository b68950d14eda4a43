"""Draws charts in a process of its own: Altair and vl-convert need a second and 150 MB; no webhook waits for that."""
