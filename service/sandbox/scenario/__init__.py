"""Who is on a simulated sales floor, what it sells, when it works, and the random numbers that decide the rest."""
