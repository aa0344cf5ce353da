package dev.torpor;

import dev.torpor.state.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** What tests of the door share. */
final class Folders {
  static final Duration SOON = Duration.ofSeconds(20);

  private Folders() {}

  /** A store whose turns are not waited for long. */
  static TorporBuilder quick(Path folder) {
    return Torpor.at(folder).grace(Duration.ofMillis(50)).behavior("echo", Folders::echo);
  }

  static void echo(Turn turn) {
    turn.result(turn.task().prompt());
  }

  static Task await(Torpor torpor, Task task) {
    return torpor.await(task.taskId(), SOON);
  }

  /** The folder as it is now: what a process that is killed would leave. */
  static Path copy(Path folder, Path to) {
    contents(folder)
        .forEach(
            (name, bytes) -> {
              try {
                Path file = to.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return to;
  }

  /** All files of a folder but its lock, which changes hands, and what has no name yet. */
  static Map<String, byte[]> contents(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    // The manifests first, as of a time when all that they name was there.
    read(folder, folder.resolve("system"), files);
    read(folder, folder, files);
    return files;
  }

  private static void read(Path folder, Path part, Map<String, byte[]> files) {
    try {
      Files.walkFileTree(
          part,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              String name = folder.relativize(path).toString();
              if (!files.containsKey(name) && !name.endsWith("LOCK") && !name.endsWith(".tmp")) {
                files.put(name, Files.readAllBytes(path));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
              if (path.toString().endsWith(".tmp")) {
                return FileVisitResult.CONTINUE; // it has got its name meanwhile
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A clock that is a fixed time ahead of the wall's. */
  static Clock ahead(Duration by) {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.now().plus(by);
      }
    };
  }
}
