"""What other systems see and say: a contract's issues to read with a key, and webhooks both ways. Described in openapi.yaml."""
