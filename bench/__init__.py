"""`make bench`: CPU per turn beside Bolt's own echo, start-up time and memory, in one run on loopback."""
