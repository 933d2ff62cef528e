"""The fault suite: `make chaos` runs the flow on Apache Kafka, breaks something, and counts what came of it."""
