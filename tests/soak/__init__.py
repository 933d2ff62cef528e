"""`make soak`: a worker at half of its capacity for an hour, with words it never saw. What grows, grows for ever."""
