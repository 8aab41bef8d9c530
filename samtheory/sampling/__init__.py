"""Samplings, and their laws once they are bound to n and L_i."""
