"""A nation's day in shards: districts of shops, each a run of its own, over processes on one machine or Dask across many."""
