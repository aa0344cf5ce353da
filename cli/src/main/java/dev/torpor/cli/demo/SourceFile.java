package dev.torpor.cli.demo;

import java.util.List;

/**
 * A file to be reviewed.
 *
 * @param path in the reviewed folder
 */
record SourceFile(String path, Language language, String text, String code, String comments) {
  static SourceFile of(String path, String text) {
    Language language = Language.of(path).orElseThrow();
    SourceText source = SourceText.of(language, text);
    return new SourceFile(path, language, text, source.code(), source.comments());
  }

  List<String> codeLines() {
    return code.lines().toList();
  }

  /** The line, from 1 on, of a place in the text. */
  int line(int offset) {
    return (int) code.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
