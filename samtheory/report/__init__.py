"""Results as text tables, HTML and LaTeX, and the progress of a sweep."""
