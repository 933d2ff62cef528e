"""Apache Kafka in KRaft mode for the tests, fetched by Maven; listeners with TLS and SASL beside the plain one."""
