"""What a page shows beside a number: its change, its trend, its target, and whether it stands out in its column."""
