"""The stages: pure functions on one record, without clock, Kafka, Faust or Prometheus."""
