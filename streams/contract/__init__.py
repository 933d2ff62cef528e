"""What travels between stages and to subscribers: topics, records, headers, dead letters."""
