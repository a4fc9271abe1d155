"""Everything that is kept, and the only place that knows SQL.

Tables are sqlmodel classes (`tables`, `work_tables`, `link_tables`), repositories are plain functions that take an open
connection, and `store.Store` runs such a function in one transaction. Nothing here knows what a Slack event, a standard or a
skill is.
"""

from storage import link_tables, work_tables

__all__ = ["link_tables", "work_tables"]  # whoever asks for the tables gets them all
