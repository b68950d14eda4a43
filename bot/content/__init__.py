"""Reads config/ into frozen objects; the only importer of yaml. It never decides anything clinical."""
