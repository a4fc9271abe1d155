"""The outside world: platforms, the gateway between them and the engine, delivery, the worker, settings and the command."""
