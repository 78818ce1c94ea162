"""The commands: one file each, with a click command named `command`.

A file holds the options and the help of its command, and imports nothing heavy, so that the help answers at once. The
work is in the module of the same name in `work`. The command imports it when it runs.
"""
