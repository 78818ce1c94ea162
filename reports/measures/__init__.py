"""The vocabulary of a number: frames, metrics, measures, accumulators and the columns of a cell."""
