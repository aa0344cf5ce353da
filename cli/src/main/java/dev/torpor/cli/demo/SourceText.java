package dev.torpor.cli.demo;

/**
 * A source file's text twice, each as long as the file and with its line ends: the code, with
 * comments and literals blanked, and the comments, with all else blanked. So a check that looks for
 * code does not find it in a comment or a string, and the other way round.
 */
final class SourceText {
  private final Language language;
  private final String text;
  private final StringBuilder code;
  private final StringBuilder comments;
  private int at;

  private SourceText(Language language, String text) {
    this.language = language;
    this.text = text;
    this.code = new StringBuilder(text);
    this.comments = new StringBuilder(text.replaceAll("[^\\r\\n]", " "));
  }

  static SourceText of(Language language, String text) {
    SourceText source = new SourceText(language, text);
    source.split();
    return source;
  }

  String code() {
    return code.toString();
  }

  String comments() {
    return comments.toString();
  }

  private void split() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isLineComment()) {
        comment(end("\n", at));
      } else if (language != Language.PYTHON && text.startsWith("/*", at)) {
        comment(past("*/", at + 2));
      } else if (text.startsWith("\"\"\"", at) || isPython("'''")) {
        literal(past(text.substring(at, at + 3), at + 3));
      } else if (c == '`' && (language == Language.GO || language == Language.JAVASCRIPT)) {
        literal(past("`", at + 1));
      } else if (c == '"' || c == '\'' && isQuote()) {
        literal(quoteEnd(c));
      } else {
        at++;
      }
    }
  }

  private boolean isLineComment() {
    return language == Language.PYTHON ? text.charAt(at) == '#' : text.startsWith("//", at);
  }

  private boolean isPython(String quotes) {
    return language == Language.PYTHON && text.startsWith(quotes, at);
  }

  /** In Rust an apostrophe also begins a lifetime. */
  private boolean isQuote() {
    return language != Language.RUST
        || text.startsWith("\\", at + 1)
        || text.startsWith("'", at + 2);
  }

  private int end(String mark, int from) {
    int end = text.indexOf(mark, from);
    return end < 0 ? text.length() : end;
  }

  private int past(String mark, int from) {
    return Math.min(text.length(), end(mark, from) + mark.length());
  }

  /**
   * A literal in quotes ends with its line, so that one that was misread harms no more than that.
   */
  private int quoteEnd(char quote) {
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == quote) {
        return i + 1;
      } else if (c == '\n') {
        return i;
      }
    }
    return text.length();
  }

  private void comment(int end) {
    for (int i = at; i < end; i++) {
      comments.setCharAt(i, text.charAt(i));
    }
    literal(end);
  }

  private void literal(int end) {
    for (int i = at; i < end; i++) {
      if (code.charAt(i) != '\n' && code.charAt(i) != '\r') {
        code.setCharAt(i, ' ');
      }
    }
    at = end;
  }
}
