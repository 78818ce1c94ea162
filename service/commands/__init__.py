"""The commands: one file each, with a click command named `command`."""
