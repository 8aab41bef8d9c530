"""Whether the promises of theorems hold on problems: evidence and verdicts."""
