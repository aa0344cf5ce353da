package dev.torpor.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Methods that do not fit on a screen. */
final class LongMethods implements Check {
  static final int MAX_LINES = 60;

  private static final Pattern TYPED =
      Pattern.compile(
          "(?m)^[ \\t]*(?!.*\\b(?:record|new|return|class)\\b[^\\n"
              + "(]*\\()(?:[\\w<>\\[\\],.?@]+[ \\t]+)+(\\w+)\\s*\\([^;{}()]*\\)\\s*(?:throws"
              + " [\\w.,\\s]+)?\\{");
  private static final Pattern FUNCTION =
      Pattern.compile("\\bfunction\\s+(\\w+)\\s*\\([^{}]*\\)[^{};]*\\{");
  private static final Map<Language, Pattern> HEADS =
      Map.of(
          Language.JAVA,
          TYPED,
          Language.CSHARP,
          TYPED,
          Language.JAVASCRIPT,
          FUNCTION,
          Language.KOTLIN,
          Pattern.compile("\\bfun\\s+(?:<[^>]*>\\s*)?([\\w.]+)\\s*\\([^{}]*\\)[^{}=;]*\\{"),
          Language.GO,
          Pattern.compile("(?m)^func\\s+(?:\\([^)]*\\)\\s*)?(\\w+)[^{\\n]*\\{"),
          Language.RUST,
          Pattern.compile("\\bfn\\s+(\\w+)[^{};]*\\{"));
  private static final Set<String> NOT_METHODS =
      Set.of("if", "for", "while", "switch", "catch", "synchronized", "try", "using", "lock");
  private static final Pattern DEF = Pattern.compile("^(\\s*)(?:async )?def (\\w+)");

  @Override
  public String name() {
    return "long method";
  }

  @Override
  public String why() {
    return "more than " + MAX_LINES + " lines do not fit on a screen, nor in a head";
  }

  @Override
  public List<Finding> findings(SourceFile file) {
    return file.language() == Language.PYTHON ? byIndentation(file) : byBraces(file);
  }

  private List<Finding> byBraces(SourceFile file) {
    List<Finding> findings = new ArrayList<>();
    Matcher head = Objects.requireNonNull(HEADS.get(file.language())).matcher(file.code());
    while (head.find()) {
      String name = head.group(1);
      if (!NOT_METHODS.contains(name)) {
        int first = file.line(head.start(1));
        report(
            findings, file, name, first, file.line(closing(file.code(), head.end())) - first + 1);
      }
    }
    return findings;
  }

  /** Where the block ends whose brace is just before a place. */
  private static int closing(String code, int from) {
    int depth = 1;
    for (int i = from; i < code.length(); i++) {
      depth += code.charAt(i) == '{' ? 1 : code.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return code.length();
  }

  private List<Finding> byIndentation(SourceFile file) {
    List<Finding> findings = new ArrayList<>();
    List<String> lines = file.codeLines();
    for (int i = 0; i < lines.size(); i++) {
      Matcher def = DEF.matcher(lines.get(i));
      if (def.find()) {
        report(findings, file, def.group(2), i + 1, length(lines, i, def.group(1).length()));
      }
    }
    return findings;
  }

  private static int length(List<String> lines, int head, int indentation) {
    int last = head;
    for (int i = head + 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank()) {
        continue;
      }
      // The end of a head that is spread over lines stands as far left as the head.
      boolean isDeeper = line.length() - line.stripLeading().length() > indentation;
      if (!isDeeper && !line.strip().startsWith(")")) {
        break;
      }
      last = i;
    }
    return last - head + 1;
  }

  private void report(List<Finding> findings, SourceFile file, String method, int line, int lines) {
    if (lines > MAX_LINES) {
      findings.add(new Finding(name(), file.path(), line, method + " has " + lines + " lines"));
    }
  }
}
