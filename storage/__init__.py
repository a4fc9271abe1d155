"""Everything that is kept, and the only place that knows SQL.

Tables are sqlmodel classes (`tables`), repositories are plain functions that take an open connection, and `store.Store`
runs such a function in one transaction. Nothing here knows what a Slack event, a standard or a skill is.
"""
