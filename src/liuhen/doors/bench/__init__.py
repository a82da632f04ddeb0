"""The benchmarks: what Liuhen does, measured against what the machine can do, in one run."""
