"""Numbers for Prometheus. No label ever holds a person, a conversation or a word of a message."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
TURNS = Counter("doorstep_turns", "Turns by platform and outcome", ["platform", "outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("doorstep_turn_seconds", "Time from storing an inbound to its committed answer", registry=REGISTRY)
QUEUES = Gauge("doorstep_queue", "Rows that wait or are dead, by queue", ["queue"], registry=REGISTRY)
