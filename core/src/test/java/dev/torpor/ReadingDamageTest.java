package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who only looks at a folder does not decide what is given up for lost. */
class ReadingDamageTest {
  @TempDir private Path path;

  @Test
  void aFolderThatLostSomethingIsRefusedToReadersAndLeftAsItIs() throws IOException {
    Path killed;
    try (Torpor torpor = Folders.quick(path.resolve("state")).open()) {
      Agent alice = torpor.agent("alice", AgentSpec.of("echo"));
      alice.remember("k", "first value");
      alice.remember("k", "second value");
      killed = Folders.copy(path.resolve("state"), path.resolve("killed"));
    }
    Path segment = killed.resolve("journal/0000000001.jsonl");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("first value")] ^= 1;
    Files.write(segment, bytes);
    Map<String, byte[]> before = Folders.contents(killed);

    TorporException refusal =
        catchThrowableOfType(TorporException.class, () -> Torpor.reading(killed));
    assertThat(refusal.kind()).isEqualTo(TorporException.Kind.DAMAGED);
    assertThat(Folders.contents(killed)).containsExactlyEntriesOf(before);

    try (Torpor torpor = Folders.quick(killed).open()) {
      assertThat(torpor.recovery().damaged()).isNotEmpty();
      TorporException damaged =
          catchThrowableOfType(TorporException.class, () -> torpor.view("alice"));
      assertThat(damaged.loss()).isNotNull();
      assertThat(torpor.restoreAll()).containsExactly("alice");
    }
  }
}
