"""What has to be trusted of a proof: facts, rules, and the checker."""
