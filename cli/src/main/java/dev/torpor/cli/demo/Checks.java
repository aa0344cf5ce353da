package dev.torpor.cli.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** All that reviewers look for in a file. */
final class Checks {
  static final List<Check> ALL =
      List.of(
          new LongMethods(),
          new LongFiles(),
          new SwallowedExceptions(),
          new PatternCheck(
              "note left behind",
              "work that is only written down in a comment is forgotten there",
              SourceFile::comments,
              everywhere("\\b(TODO|FIXME|XXX|HACK)\\b.*"),
              "%s"),
          new PatternCheck(
              "printed stack trace",
              "it goes where no log reaches, and the caller goes on as if nothing were wrong",
              SourceFile::code,
              Map.of(
                  Language.JAVA, Pattern.compile("\\.printStackTrace\\(\\s*\\)"),
                  Language.KOTLIN, Pattern.compile("\\.printStackTrace\\(\\s*\\)"),
                  Language.PYTHON, Pattern.compile("traceback\\.print_exc\\(")),
              "%s"),
          new PatternCheck(
              "wildcard import",
              "a reader cannot see where a name comes from, and a new name can change its meaning",
              SourceFile::code,
              Map.of(
                  Language.JAVA, Pattern.compile("(?m)^import (?!static )[\\w.]+\\.\\*;"),
                  Language.KOTLIN, Pattern.compile("(?m)^import [\\w.]+\\.\\*"),
                  Language.PYTHON, Pattern.compile("(?m)^from [\\w.]+ import \\*")),
              "%s"),
          new PatternCheck(
              "magic sleep",
              "a fixed wait is too long on a fast machine and too short on a slow one",
              SourceFile::code,
              Map.of(
                  Language.JAVA, Pattern.compile("Thread\\.sleep\\(\\s*[\\d_]+L?\\s*\\)"),
                  Language.KOTLIN,
                      Pattern.compile("\\b(Thread\\.sleep|delay)\\(\\s*[\\d_]+L?\\s*\\)"),
                  Language.CSHARP, Pattern.compile("Thread\\.Sleep\\(\\s*[\\d_]+\\s*\\)"),
                  Language.PYTHON, Pattern.compile("\\btime\\.sleep\\(\\s*[\\d.]+\\s*\\)"),
                  Language.GO, Pattern.compile("time\\.Sleep\\(\\s*\\d+\\s*\\*"),
                  Language.RUST,
                      Pattern.compile("thread::sleep\\(Duration::from_\\w+\\(\\d+\\)\\)")),
              "%s"));

  /** So many findings of one file are told: more say nothing new about it. */
  static final int MAX_FINDINGS_PER_FILE = 30;

  private Checks() {}

  private static Map<Language, Pattern> everywhere(String pattern) {
    Map<Language, Pattern> patterns = new EnumMap<>(Language.class);
    Arrays.stream(Language.values()).forEach(one -> patterns.put(one, Pattern.compile(pattern)));
    return Collections.unmodifiableMap(patterns);
  }

  static List<Finding> review(SourceFile file) {
    List<Finding> findings = new ArrayList<>();
    ALL.forEach(check -> findings.addAll(check.findings(file)));
    return findings.size() <= MAX_FINDINGS_PER_FILE
        ? findings
        : findings.subList(0, MAX_FINDINGS_PER_FILE);
  }

  /** Why a check exists, by its name. */
  static String why(String name) {
    return ALL.stream()
        .filter(check -> check.name().equals(name))
        .map(Check::why)
        .findFirst()
        .orElse(MissingTests.NAME.equals(name) ? MissingTests.WHY : "");
  }
}
