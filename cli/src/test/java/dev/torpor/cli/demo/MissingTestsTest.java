package dev.torpor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MissingTestsTest {
  private static List<String> untested(String... paths) {
    return MissingTests.findings(List.of(paths)).stream().map(Finding::file).toList();
  }

  @Test
  void aFileThatATestIsNamedAfterIsTested() {
    assertThat(untested("main/A.java", "test/ATest.java")).isEmpty();
    assertThat(untested("a.py", "test_a.py", "b.go", "b_test.go", "c.ts", "c.spec.ts")).isEmpty();
  }

  @Test
  void aFileWithoutSuchATestIsFound() {
    assertThat(untested("main/A.java", "main/B.java", "test/ATest.java"))
        .containsExactly("main/B.java");
  }

  @Test
  void whatHoldsNoCodeNeedsNoTest() {
    assertThat(untested("a/package-info.java", "a/__init__.py")).isEmpty();
  }
}
