"""Slack, through Bolt. The only place that imports slack_bolt or slack_sdk, and the only one that knows Block Kit."""
