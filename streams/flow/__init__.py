"""The only code that knows Faust: stages as agents, delivery, acknowledgement, the worker process."""
