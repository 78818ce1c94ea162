"""The live board: its fragments, the queues, and how a fragment is sent anew."""
