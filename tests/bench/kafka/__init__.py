"""`make bench-kafka`: load, comparison with peers, guarantees and cost, on Apache Kafka with one node."""
