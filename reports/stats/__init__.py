"""The mathematics, apart from any table: intervals, survival curves, shrinkage, standardisation, allocation."""
