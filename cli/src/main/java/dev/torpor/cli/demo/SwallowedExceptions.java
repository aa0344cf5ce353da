package dev.torpor.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Handlers that do nothing. One that says so is no finding: a comment in it, or a variable that is
 * called ignored, expected or {@code _}.
 */
final class SwallowedExceptions implements Check {
  private static final Pattern CATCH = Pattern.compile("catch\\s*(?:\\(([^)]*)\\))?\\s*\\{(\\s*)}");
  private static final Pattern EXCEPT = Pattern.compile("except\\b([^:\\n]*):(\\s*)pass\\b");
  private static final Pattern SAID = Pattern.compile("(?i)\\b(ignored?|expected|_)\\s*$");
  private static final Map<Language, Pattern> PATTERNS =
      Map.of(
          Language.JAVA, CATCH,
          Language.KOTLIN, CATCH,
          Language.CSHARP, CATCH,
          Language.JAVASCRIPT, CATCH,
          Language.PYTHON, EXCEPT,
          Language.GO, Pattern.compile("if (err) != nil \\{(\\s*)}"));

  @Override
  public String name() {
    return "swallowed exception";
  }

  @Override
  public String why() {
    return "an error that nobody hears of is found much later, far from its cause";
  }

  @Override
  public List<Finding> findings(SourceFile file) {
    Pattern pattern = PATTERNS.get(file.language());
    if (pattern == null) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    Matcher found = pattern.matcher(file.code());
    while (found.find()) {
      String variable = found.group(1) == null ? "" : found.group(1);
      boolean explained =
          SAID.matcher(variable).find()
              || !file.comments().substring(found.start(2), found.end(2)).isBlank();
      if (!explained) {
        findings.add(
            new Finding(
                name(),
                file.path(),
                file.line(found.start()),
                "a handler does nothing and does not say why"));
      }
    }
    return findings;
  }
}
