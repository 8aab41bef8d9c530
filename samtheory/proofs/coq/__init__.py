"""The proofs as Coq files: a library written by hand, the setting, and a file for each theorem."""
