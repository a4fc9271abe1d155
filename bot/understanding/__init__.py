"""What did they mean? Dangers, shorthand, questions. Everything here is offline, deterministic and knows no dialogue."""
