package dev.torpor.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A check that is a pattern for each language that it knows.
 *
 * @param part the part of a file that is searched: its code or its comments
 */
record PatternCheck(
    String name,
    String why,
    Function<SourceFile, String> part,
    Map<Language, Pattern> patterns,
    String message)
    implements Check {
  @Override
  public List<Finding> findings(SourceFile file) {
    Pattern pattern = patterns.get(file.language());
    if (pattern == null) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    Matcher found = pattern.matcher(part.apply(file));
    while (found.find()) {
      String text = found.group().strip().replaceAll("\\s+", " ");
      findings.add(
          new Finding(name, file.path(), file.line(found.start()), message.formatted(text)));
    }
    return findings;
  }
}
