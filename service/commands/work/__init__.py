"""What the commands do: a module for each, imported when its command runs. Their options and help stand beside it."""
