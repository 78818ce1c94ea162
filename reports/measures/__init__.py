"""The vocabulary of a number: metrics, the kinds of measure, and the partial results that add up to one."""
