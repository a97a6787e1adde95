"""All benchmarks, as ratios in one run: `python -m bench`, or `make bench`. A timing never fails anything."""
