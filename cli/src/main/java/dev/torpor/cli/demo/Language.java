package dev.torpor.cli.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The languages whose files are reviewed, by extension. */
enum Language {
  JAVA("java"),
  KOTLIN("kt"),
  CSHARP("cs"),
  JAVASCRIPT("js", "mjs", "jsx", "ts", "tsx"),
  GO("go"),
  RUST("rs"),
  PYTHON("py");

  private final List<String> extensions;

  Language(String... extensions) {
    this.extensions = List.of(extensions);
  }

  static Optional<Language> of(String file) {
    String extension = file.substring(file.lastIndexOf('.') + 1);
    return file.indexOf('.') < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(one -> one.extensions.contains(extension)).findFirst();
  }
}
