"""The way out: following topics, and showing what comes."""
