"""The live driver: sends the rows of a simulated floor over HTTP, as dialers, a CRM and marketing would."""
