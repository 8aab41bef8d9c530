"""Runs independent items in this process, on worker processes or on a Dask cluster."""
