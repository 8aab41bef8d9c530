"""Proofs that a machine checks: what one is (`facts`), when it is accepted (`checker`), one file for each theorem."""
