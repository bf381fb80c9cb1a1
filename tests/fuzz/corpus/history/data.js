window.BENCHMARK_DATA = {
  "lastUpdate": 1700000000000,
  "entries": {
    "C++ Benchmark": [
      {"commit": {"id": "aaaaaaaaaaaaaaaaaaaa", "timestamp": "2026-01-01T00:00:00+01:00"}, "date": 1767222000000, "tool": "googlecpp",
       "benches": [{"name": "BM_a", "value": 10.5, "unit": "ns/iter", "extra": "iterations: 3\ncpu: 10 ns"}, {"name": "BM_b", "value": 3, "unit": "ops/sec", "range": "± 1"}]},
      {"commit": {"id": "bbbbbbbbbbbbbbbbbbbb"}, "date": -1, "tool": "customBiggerIsBetter", "benches": [{"name": "BM_a", "value": 11, "unit": "points"}, {"value": 1}, {"name": "x"}]},
      {"commit": null}
    ]
  }
};
