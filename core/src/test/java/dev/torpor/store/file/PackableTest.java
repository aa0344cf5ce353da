package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a pack can hold, and what is in none. */
class PackableTest extends CheckpointRig {
  @Test
  void whatACommitWritesAndThenDeletesIsInNoPack() {
    List<Entry> before;
    try (FileStore store = open()) {
      commit(store, created("alice"));
      commit(store, appended("alice", 2, 0), new Change.AgentDeleted("alice", 3));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void whatSeveralCommitsPutIntoOneValueFitsIntoAPack() {
    String large = "\u0001".repeat(1 << 20); // six times as long as JSON
    List<Entry> before;
    try (FileStore store = open(Disk.real(), folder, JournalOptions.DEFAULT)) {
      commit(store, created("alice"));
      commit(store, updated(2, Map.of("k", large), null, null));
      commit(store, updated(3, null, List.of(large), null));
      commit(store, updated(4, null, null, Map.of("k", large)));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  private static Change updated(
      long version,
      @Nullable Map<String, @Nullable Object> configuration,
      @Nullable List<String> toolSets,
      @Nullable Map<String, @Nullable Object> metadata) {
    return new Change.AgentUpdated("alice", version, null, null, configuration, toolSets, metadata);
  }

  @Test
  void aCommitWithAKeyThatNoPackCanHoldIsRefused() {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      refused(
          Reason.TOO_LARGE,
          () -> commit(store, new Change.EventBroadcast("e".repeat(5000), null, null)));
      assertThat(store.appended()).isEqualTo(1);
      commit(store, new Change.EventBroadcast("e".repeat(4000), null, null));
      store.checkpoint();
    }
  }

  /** Takes texts as names, as they are. */
  private static final class Plain implements StateSerializer {
    private final StateSerializer json = new JsonStateSerializer();

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      json.write(value, out);
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      return json.read(type, bytes, offset, length);
    }

    @Override
    public String name(String text) {
      return text;
    }
  }

  @Test
  void keysOfAnyCharactersArePackedInTheirOrderAndDeleted() {
    List<String> names =
        List.of("a", "\ud83d\ude00", "\ue000", "\uff61", "\uffff", "z".repeat(2000));
    List<Entry> before;
    try (FileStore store = open(new Plain())) {
      commit(store, created("alice"));
      for (int i = 0; i < names.size(); i++) {
        commit(store, new Change.EventBroadcast(names.get(i), null, null));
        commit(store, new Change.MemoryPut("alice", i + 2L, names.get(i), i));
      }
      store.checkpoint();
      commit(store, new Change.AgentDeleted("alice", names.size() + 2L));
      assertThat(entries(store)).noneMatch(entry -> entry.key().startsWith("alice/"));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open(new Plain())) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }
}
