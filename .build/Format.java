import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Formats every Java source below a folder with google-java-format, or checks that all of them are.
 *
 * <p>The formatter parses with the compiler of the JVM that it runs in, so Spotless, which runs it
 * in Maven's own, cannot read Java 25 where Maven runs on an older one. Maven starts this with the
 * JDK that it compiles with.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            switch (args[0]) {
              case "check" -> List.of("--dry-run", "--set-exit-if-changed");
              case "replace" -> List.of("--replace");
              default -> throw new IllegalArgumentException("check or replace, not " + args[0]);
            });
    try (var files = Files.walk(Path.of(args[1]))) {
      files.filter(Format::isSource).map(Path::toString).sorted().forEach(arguments::add);
    }
    int status =
        ToolProvider.findFirst("google-java-format")
            .orElseThrow()
            .run(System.out, System.err, arguments.toArray(String[]::new));
    if (status != 0) {
      System.err.println(
          "not formatted: the files named beside this line; run `mvn -N -q process-sources"
              + " -Pformat`");
    }
    System.exit(status);
  }

  private static boolean isSource(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.endsWith(".java") && !path.contains("/target/");
  }
}
