"""One module per job. A skill is a table from verbs to functions; a function takes the desk and the verb's arguments and
returns a card. To add a skill, write such a module and name it in `bot/engine.py`."""
