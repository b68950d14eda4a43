"""Documents from outside and dataclasses of ours: turns one into the other, with no I/O."""
