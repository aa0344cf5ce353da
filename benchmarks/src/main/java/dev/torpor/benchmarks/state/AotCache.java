package dev.torpor.benchmarks.state;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The flags by which a JVM keeps the classes that it loads, and another has them ready, as the
 * launcher does for the server (JEP 483 and 514). A JVM can keep classes of jars only: with a class
 * path of folders, as in the tests of a build, the flags stay as they are.
 */
final class AotCache {

  private AotCache() {}

  /** The flags of the process that fills the cache when it ends. */
  static List<String> training(Path cache, List<String> flags) {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (Files.isDirectory(Path.of(entry))) {
        return flags;
      }
    }
    return with("-XX:AOTCacheOutput=" + cache, flags);
  }

  /** The flags of a process that uses the cache, if it could be filled. */
  static List<String> using(Path cache, List<String> flags) {
    return Files.exists(cache) ? with("-XX:AOTCache=" + cache, flags) : flags;
  }

  private static List<String> with(String flag, List<String> flags) {
    List<String> all = new ArrayList<>(flags);
    all.add(flag);
    return all;
  }
}
