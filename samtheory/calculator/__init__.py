"""What each theorem promises for a problem: rates, their comparison, and the explanation of one theorem."""
