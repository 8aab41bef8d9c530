"""Files, rows, curves and JSON documents: reading, and writing as a whole or not at all."""
