"""The `doorstep` command. Each sub-command imports only what it needs, so that `--help` is quick."""
