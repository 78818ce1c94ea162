"""The commands, one file each: a click command named `command`, called like its file."""
