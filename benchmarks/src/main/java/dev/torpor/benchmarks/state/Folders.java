package dev.torpor.benchmarks.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a folder holds, while somebody may write in it. */
final class Folders {

  /** For so long nothing changes in a store that has nothing more to do. */
  private static final int QUIET_MILLIS = 1500;

  private static final int LOOK_MILLIS = 100;

  private Folders() {}

  /** The bytes of all files in a folder and in those in it. */
  static long bytes(Path folder) throws IOException {
    return sizes(folder).values().stream().mapToLong(Long::longValue).sum();
  }

  private static TreeMap<Path, Long> sizes(Path folder) throws IOException {
    TreeMap<Path, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        try {
          if (Files.isRegularFile(file)) {
            sizes.put(file, Files.size(file));
          }
        } catch (NoSuchFileException gone) {
          // it counts no more
        }
      }
    } catch (UncheckedIOException e) { // a folder or file went while it was looked at
      return sizes;
    }
    return sizes;
  }

  /** Returns when no file in these folders has come, gone or grown for a while. */
  static void awaitQuiet(Path... folders) throws IOException, InterruptedException {
    List<TreeMap<Path, Long>> before = List.of();
    for (int quiet = 0; quiet < QUIET_MILLIS; quiet += LOOK_MILLIS) {
      List<TreeMap<Path, Long>> now = new ArrayList<>();
      for (Path folder : folders) {
        now.add(Files.exists(folder) ? sizes(folder) : new TreeMap<>());
      }
      if (!now.equals(before)) {
        before = now;
        quiet = 0;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
