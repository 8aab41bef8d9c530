"""What was found, for people (tables, progress) and for programs (JSON)."""
