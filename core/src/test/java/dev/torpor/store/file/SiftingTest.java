package dev.torpor.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiftingTest {
  private static final String CHANGE = "{\"agent\":\"%s\",\"version\":1,\"type\":\"x\",\"v\":%s}";

  @TempDir private Path folder;

  private String sifted(boolean isChecked, String line) throws IOException {
    Path file = folder.resolve("rest");
    try (WriteFile out = Disk.real().create(file)) {
      Sifting sifting = new Sifting(Map.of("alice", 10L), null, isChecked, out, () -> {});
      byte[] bytes = line.getBytes(UTF_8);
      sifting.line(bytes, 0, bytes.length);
      sifting.end();
    }
    return Files.readString(file);
  }

  private static String commit(long seq, String agent, String value) {
    return "{\"seq\":%d,\"changes\":[%s,%s]}"
        .formatted(seq, CHANGE.formatted("bob", value), CHANGE.formatted(agent, "0"));
  }

  @Test
  void numbersOfOthersInTheSameCommitStayAsTheyAre() throws Exception {
    assertThat(sifted(false, commit(5, "alice", "[0.1234567890123456789012,1e400,1.50]")))
        .containsIgnoringCase("[0.1234567890123456789012,1E+400,1.50]")
        .doesNotContain("alice");
  }

  @Test
  void longNumbersCanBeRead() throws Exception {
    String digits = "1".repeat(3000);
    assertThat(sifted(false, commit(5, "carl", digits))).contains(digits);
  }

  @Test
  void theSequenceNumberOfALineThatLostItsChecksumIsNotBelieved() throws Exception {
    String line = commit(99, "alice", "1");
    assertThat(sifted(false, line)).contains("alice");
    assertThat(sifted(true, line)).contains("bob").doesNotContain("alice");
  }
}
