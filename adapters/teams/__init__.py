"""Microsoft Teams. The only folder that knows botbuilder; ARCHITECTURE.md says how it would be exchanged."""
