package dev.torpor.benchmarks;

/** Something to measure, with a section of its own in the results file. */
public interface Benchmark {

  /** The section's heading. */
  String heading();

  /** What is measured, and how: Markdown above the table. */
  String about();

  /** Measures it, Torpor and its peers and limits in one run. */
  Table run(Stage stage) throws Exception;
}
