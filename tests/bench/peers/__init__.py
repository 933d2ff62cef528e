"""The same stages under other plumbing: each peer in one file, as its own documentation would have it."""
