"""Wire formats in: bytes to `WireItem`, one module per format, and where feeds are fetched from."""
