"""Proofs that a machine checks: what a proof is (`facts`), when it is accepted (`checker`), one file for each theorem."""
