"""What this machine holds ready: settled calls and materialised rows, and how they are brought up to date."""
