"""What Honnin costs, measured: ``python -m simulator.bench --write docs/benchmarks.md`` (``make bench``)."""
