package dev.torpor.cli.demo;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Source files that no test file is named after. Of a name alone: a class that is tested by another
 * test is told here too, and one that only has a test's name is not.
 */
final class MissingTests {
  static final String NAME = "no test of its own";
  static final String WHY =
      "what has no test named after it is often tested by accident or not at all";

  private static final Pattern TEST_NAME =
      Pattern.compile("^test_(.+)$|^(.+?)(?:_test|[.-]test|[.-]spec|Tests?|IT|Test[A-Z]\\w*)$");

  private MissingTests() {}

  static boolean isTest(String path) {
    return TEST_NAME.matcher(stem(path)).matches() || path.contains("src/test/");
  }

  /** The files that are no tests and that no test is named after. */
  static List<Finding> findings(List<String> paths) {
    Set<String> tested =
        paths.stream()
            .filter(MissingTests::isTest)
            .map(path -> TEST_NAME.matcher(stem(path)).replaceFirst("$1$2"))
            .collect(Collectors.toSet());
    return paths.stream()
        .filter(path -> !isTest(path) && canHaveTest(path) && !tested.contains(stem(path)))
        .map(path -> new Finding(NAME, path, 0, "no test is named after " + stem(path)))
        .toList();
  }

  private static boolean canHaveTest(String path) {
    return !Set.of("package-info", "module-info", "__init__", "mod", "index").contains(stem(path));
  }

  private static String stem(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.substring(0, name.lastIndexOf('.'));
  }
}
