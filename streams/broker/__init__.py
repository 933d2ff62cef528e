"""The broker's side: the embedded one, kafka-python clients, and the topics."""
