package dev.torpor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

  @Test
  void aRunReplacesItsOwnSectionAndNoOther(@TempDir Path folder) throws Exception {
    ResultsFile file = new ResultsFile(folder.resolve("RESULTS.md"));
    file.replaceSection("First", "old");
    file.replaceSection("Second", "kept");
    file.replaceSection("First", "new");

    assertThat(file.path()).content().startsWith("# Results").doesNotContain("old");
    assertThat(file.path()).content().endsWith("## First\n\nnew\n\n## Second\n\nkept\n");
  }
}
