package dev.torpor.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogFileIT {

  @ParameterizedTest
  @EnumSource
  void everyKindWritesAllThatWasAppendedInOrder(LogFile.Kind kind, @TempDir Path folder)
      throws Exception {
    StringBuilder appended = new StringBuilder();
    try (LogFile file = kind.open(folder)) {
      for (int i = 0; i < 60; i++) {
        String line = i + "-".repeat(i % 3 == 0 ? 5000 : 420) + '\n';
        appended.append(line);
        file.append((line + "not this").getBytes(US_ASCII), line.length());
      }
    }
    String written = Files.readString(folder.resolve("journal.jsonl"), US_ASCII);
    assertThat(written).hasSize(PreWrittenFile.SIZE);
    assertThat(written.stripTrailing()).isEqualTo(appended.toString().stripTrailing());
  }
}
