package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.PackOptions;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What cannot be read in quarantine keeps nobody from being erased. */
class UnreadableTracesTest extends ErasureRig {
  private static final JournalOptions SMALL =
      new JournalOptions(64 << 10, 32 << 10, 1, Duration.ofMillis(50));

  private final FaultyDisk disk = new FaultyDisk((operation, file) -> {});

  private Torpor open() {
    FileStore store =
        FileStore.open(
            disk,
            state(),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            SMALL,
            PackOptions.every(Duration.ofHours(1)),
            DocumentOptions.DEFAULT);
    return Torpor.with(store).grace(Duration.ofMillis(50)).behavior("echo", Folders::echo).open();
  }

  @Test
  void ofAFileThatCannotBeReadToItsEndTheEndGoesAndWhatIsOthersBeforeStays() throws Exception {
    String bobs = "{\"key\":\"bob/message/1\",\"version\":1,\"seq\":1,\"value\":\"numbat\"}\n";
    String alices = bobs.replace("bob", "alice").replace("numbat", WORD);
    for (String name : List.of("packs/0000000007.jsonl", "agents/alice_journal.jsonl")) {
      Path file = state().resolve("quarantine").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, bobs.repeat(100) + alices.repeat(100));
    }
    Path document = state().resolve("quarantine/mail/alice_mailbox.json");
    Files.createDirectories(document.getParent());
    Files.writeString(document, "{\"_seq\": 999999}" + " ".repeat(5000) + WORD);
    disk.setUnreadable(
        (file, position) -> file.toString().contains("quarantine") && position >= 4096);
    try (Torpor torpor = open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      assertThat(torpor.cleanUp(NOBODY)).isEmpty();
      assertThat(found()).isEmpty();
      assertThat(found(state(), "numbat")).hasSize(2);
      assertTheRestIsThere(torpor);
    }
  }

  @Test
  void aDamagedPackAndItsTwinThatCameThereThemselvesAreErasedToo() throws Exception {
    try (Torpor torpor = open()) {
      fill(torpor);
      torpor.checkpoint();
    }
    Path pack = first("packs");
    disk.setUnreadable((file, position) -> file.equals(pack) && position >= 100);
    try (Torpor torpor = open()) {
      torpor.scrub();
      assertThat(state().resolve("quarantine/packs").resolve(pack.getFileName())).exists();
      torpor.agent("alice").delete();
      assertThat(torpor.cleanUp(NOBODY)).isEmpty();
      assertThat(found()).isEmpty();
      assertTheRestIsThere(torpor);
    }
  }

  private Path first(String kind) throws IOException {
    try (Stream<Path> files = Files.list(state().resolve(kind))) {
      return files.sorted().findFirst().orElseThrow();
    }
  }
}
