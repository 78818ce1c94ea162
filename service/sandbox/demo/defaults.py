"""The simulation of a demo without options. The command shows it in its help, so this module imports nothing heavy."""

SEED = 7
# Three weeks: the last full week has a week before it to compare with.
DAYS = 15
