package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.disk.Disk;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes in lines: whatever the serializer makes of them, and whatever they say. */
class FileStoreSerializerTest {

  private static final JournalOptions LARGE =
      new JournalOptions(4 << 20, 2 << 20, 1, Duration.ofMillis(50));

  private StateFolder folder;

  @BeforeEach
  void chooseFolder(@TempDir Path path) {
    folder = new StateFolder(path.resolve("state"));
  }

  /** Counts, and names keys its own way. */
  private static class Counting implements StateSerializer {
    final AtomicInteger written = new AtomicInteger();
    final AtomicInteger read = new AtomicInteger();
    private final StateSerializer json = new JsonStateSerializer();

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      written.incrementAndGet();
      json.write(value, out);
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      read.incrementAndGet();
      return json.read(type, bytes, offset, length);
    }

    @Override
    public String name(String text) {
      return "sealed-" + text.toLowerCase(Locale.ROOT);
    }
  }

  /** Each change as a JSON string that says nothing to a reader. */
  private static final class Sealing extends Counting {
    @Override
    public void write(Object value, OutputStream out) throws IOException {
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      super.write(value, plain);
      String sealed = Base64.getEncoder().encodeToString(plain.toByteArray());
      out.write(("\"" + sealed + "\"").getBytes(UTF_8));
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      assertThat(bytes[offset]).isEqualTo((byte) '"');
      assertThat(bytes[offset + length - 1]).isEqualTo((byte) '"');
      byte[] plain = Base64.getDecoder().decode(new String(bytes, offset + 1, length - 2, UTF_8));
      return super.read(type, plain, 0, plain.length);
    }
  }

  private FileStore open(StateSerializer serializer) {
    return folder.open(Disk.real(), serializer, StateValidator.INVARIANTS, SMALL);
  }

  @Test
  void theSerializerFromOutsideWritesReadsAndNames() {
    for (Counting serializer : List.of(new Counting(), new Sealing())) {
      folder = new StateFolder(folder.path().resolveSibling("" + serializer.getClass()));
      List<Entry> before;
      try (FileStore store = open(serializer)) {
        commit(store, created("alice"), appended("alice", 2, 0, "sécret 😀"));
        commit(store, new Change.MemoryPut("alice", 3, "Key", List.of(1, "two")));
        before = entries(store);
        assertThat(store.names().name("X")).isEqualTo("sealed-x");
      }
      assertThat(serializer.written).hasValue(3);
      assertThat(serializer.read).hasValue(0);
      try (FileStore store = open(serializer)) {
        assertThat(entries(store)).isEqualTo(before);
        assertThat(before).anyMatch(entry -> entry.key().contains("sealed-key"));
      }
      assertThat(serializer.read).hasValue(3);
    }
  }

  @Test
  void sealedTextIsNotInTheFiles() throws IOException {
    try (FileStore store = open(new Sealing())) {
      commit(store, created("alice"), appended("alice", 2, 0, "secret"));
    }
    assertThat(folder.bytes().values()).noneMatch(text -> text.contains("secret"));
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining("commit 1 does not fit the state: not a Change");
  }

  @Test
  void aSerializerThatFailsLeavesNothingOfTheCommit() {
    Counting failing =
        new Counting() {
          @Override
          public void write(Object value, OutputStream out) throws IOException {
            if (written.get() == 1) {
              out.write('{');
              written.incrementAndGet();
              throw new IOException("no key for it");
            }
            super.write(value, out);
          }
        };
    try (FileStore store = open(failing)) {
      assertThatThrownBy(() -> commit(store, created("alice"), created("bob")))
          .hasRootCauseMessage("no key for it");
      assertThat(entries(store)).isEmpty();
      commit(store, created("carol"));
    }
    try (FileStore store = folder.open()) {
      assertThat(store.recovery().agents()).isEqualTo(1);
    }
  }

  private void assertReadBack(Change... changes) {
    List<Entry> before;
    try (FileStore store = folder.open(Disk.real(), LARGE)) {
      commit(store, changes);
      before = entries(store);
    }
    try (FileStore store = folder.open(Disk.real(), LARGE)) {
      assertThat(entries(store).equals(before)).as("the same entries").isTrue();
    }
  }

  @Test
  void aCommitOfManyChangesIsReadBack() {
    List<Change> changes = new ArrayList<>(List.of(created("alice")));
    for (int i = 0; i < 2000; i++) {
      changes.add(appended("alice", i + 2L, i));
    }
    assertReadBack(changes.toArray(Change[]::new));
  }

  @Test
  void textOfAnyKindIsReadBack() {
    String odd = "tëxt \"\\\n\r\t\u2028\u2029😀\u0000\u007f{}[],:\"changes\":[";
    assertReadBack(
        created("alice"),
        appended("alice", 2, 0, odd),
        appended("alice", 3, 1, odd.repeat(20_000)),
        appended("alice", 4, 2, ""),
        new Change.MemoryPut("alice", 5, odd, Map.of(odd, odd)));
  }

  /** What was acknowledged must be readable, or the whole store is not. */
  @Test
  void whateverIsAJsonValueIsReadBack() {
    Object deep = 1;
    for (int i = 0; i < 64; i++) {
      deep = List.of(deep);
    }
    assertReadBack(
        created("alice"),
        new Change.MemoryPut("alice", 2, "deep", deep),
        new Change.MemoryPut("alice", 3, "digits", BigInteger.TEN.pow(5000)),
        new Change.MemoryPut("alice", 4, "name", Map.of("n".repeat(60_000), 1)));
  }

  @Test
  void aCommitWithoutChangesIsReadBack() {
    assertReadBack();
  }
}
