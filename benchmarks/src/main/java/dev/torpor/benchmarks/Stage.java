package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where a benchmark runs.
 *
 * @param folder for its files; its disk is what is measured
 * @param rounds how often each contender runs, at least once
 * @param progress told what runs now
 */
public record Stage(Path folder, int rounds, Consumer<String> progress) {

  /** Makes an empty folder; its user removes it with {@link #remove}. */
  public Path makeFolder(String name) throws IOException {
    Files.createDirectories(folder);
    return Files.createTempDirectory(folder, name + "-");
  }

  /** Says what runs now. */
  public void tell(String format, Object... arguments) {
    progress.accept(format.formatted(arguments));
  }

  /** Removes a folder and all that is in it. */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
