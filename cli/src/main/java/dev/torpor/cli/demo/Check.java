package dev.torpor.cli.demo;

import java.util.List;

/** Something that a reviewer looks for in one file. */
interface Check {
  /** A short name, which findings carry. */
  String name();

  /** Why anybody should care, in one sentence. */
  String why();

  List<Finding> findings(SourceFile file);
}
