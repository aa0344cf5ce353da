package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.store.transfer.ExportFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every released Torpor wrote is read, as long as there is Torpor. */
class GoldenTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

  @TempDir private Path folder;

  static List<Path> formats() throws IOException {
    try (Stream<Path> formats = Files.list(GOLDEN)) {
      return formats.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** The lines of an export that tell entries. */
  private static List<String> entries(Path export) throws IOException {
    List<String> lines = Files.readAllLines(export);
    return lines.subList(1, lines.size() - 1);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aFolderOfAnyFormatIsReadAsItWasAndGoesOn(Path golden) throws Exception {
    Path state = Folders.copy(golden.resolve("state"), folder.resolve("state"));
    Path export = folder.resolve("export.jsonl");
    try (Torpor torpor = Torpor.reading(state)) {
      assertThat(torpor.recovery().damaged()).isEmpty();
      assertThat(torpor.recovery().commitsReplayed()).isPositive();
      assertThat(torpor.stats().packs()).isPositive();
      ExportFiles.write(export, false, out -> torpor.exportTo(out, null, _ -> {}));
    }
    assertThat(entries(export)).isEqualTo(entries(golden.resolve("export.jsonl")));
    try (Torpor torpor = Folders.quick(state).open()) {
      assertThat(torpor.restoreAll()).containsExactlyInAnyOrder("alice", "Bob.2");
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void anExportOfAnyFormatIsTaken(Path golden) throws Exception {
    try (Torpor torpor = Folders.quick(folder.resolve("state")).open()) {
      torpor.importFrom(golden.resolve("export.jsonl"), false, _ -> {});
      assertThat(torpor.restoreAll()).containsExactlyInAnyOrder("alice", "Bob.2");
    }
  }
}
