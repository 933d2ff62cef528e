"""Batches that a producer compressed with snappy, as some write them.

aiokafka 0.14 takes the header of the block format only with its two version numbers in network order. Redpanda, and
producers in other languages, write them the other way round; kafka-python looks at the name in front of them alone,
as Kafka does.
"""

import aiokafka.codec
import kafka.codec


def take_any_snappy() -> None:
    """Makes aiokafka recognise that header as kafka-python does."""
    aiokafka.codec._detect_xerial_stream = kafka.codec._detect_xerial_stream
