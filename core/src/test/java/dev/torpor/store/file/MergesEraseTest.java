package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.state.Deleted;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.MergePolicy;
import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.PackFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergesEraseTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final int AGENTS = 5;

  @TempDir private Path path;
  private final Disk disk = Disk.real();
  private final JsonStateSerializer serializer = new JsonStateSerializer();
  private final AtomicLong number = new AtomicLong(1);
  private Manifests manifests;
  private PackFolder folder;

  @BeforeEach
  void makeFolder() throws IOException {
    manifests = Manifests.read(disk, path.resolve("system"), false);
    manifests.settle();
    Files.createDirectory(path.resolve("packs"));
    Files.createDirectory(path.resolve("mirror"));
    folder =
        new PackFolder(
            disk, path.resolve("packs"), path.resolve("mirror"), manifests.current().store());
  }

  private PackEntry entry(String key, long seq, Object value) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    serializer.write(value, json);
    return PackEntry.put(key, 0, seq, json.toByteArray());
  }

  private void pack(long from, long to, List<PackEntry> entries) throws IOException {
    Iterator<PackEntry> all = entries.iterator();
    EntryCursor cursor = () -> all.hasNext() ? all.next() : null;
    PackDescription pack =
        folder.write(number.getAndIncrement(), from, to, Checkpoints.FILTERED, cursor);
    manifests.update(manifest -> manifest.packed(pack, 0));
  }

  private Merges merges(int deletions) {
    return new Merges(
        disk,
        folder,
        manifests,
        new Quarantine(disk, path),
        MergePolicy.DEFAULT,
        number,
        (since, erased) ->
            new Outdated(serializer, NOW, Duration.ofHours(24), since, erased, deletions));
  }

  private List<String> keys(PackDescription description) throws IOException {
    List<String> keys = new ArrayList<>();
    try (Pack pack = folder.open(description)) {
      EntryCursor cursor = pack.scan("", "");
      for (PackEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        keys.add(entry.key());
      }
    }
    return keys;
  }

  @Test
  void moreDeletionsThanAreKeptInMindTakeMoreMergesAndWhatIsNewerIsLeftAlone() throws Exception {
    List<PackEntry> left = new ArrayList<>();
    List<PackEntry> deleted = new ArrayList<>();
    List<String> tombstones = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      left.add(entry("~task/t" + i, 1 + i, "a" + i));
      deleted.add(entry("~deleted/a" + i, 20 - i, new Deleted("a" + i, 9, NOW)));
      tombstones.add("~deleted/a" + i);
    }
    pack(0, 10, left);
    pack(10, 20, deleted);
    pack(20, 30, List.of(entry("~task/t9", 25, "a0")));
    Merges merges = merges(2);
    List<Long> done = new ArrayList<>();
    for (long upTo = 0; upTo < 20; done.add(upTo)) {
      upTo = merges.erase(20, upTo);
    }
    assertThat(done).containsExactly(17L, 19L, 20L);
    List<PackDescription> packs = manifests.current().packs();
    assertThat(packs).extracting(PackDescription::to).containsExactly(20L, 30L);
    assertThat(keys(packs.getFirst())).isEqualTo(tombstones);
    assertThat(packs.getLast().number()).isEqualTo(3);
  }

  @Test
  void manyThatWereDeletedInOneCommitEndItToo() throws Exception {
    List<PackEntry> deleted = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      deleted.add(entry("~deleted/a" + i, 7, new Deleted("a" + i, 9, NOW)));
    }
    pack(0, 10, deleted);
    Merges merges = merges(2);
    int rounds = 0;
    for (long upTo = 0; upTo < 10; rounds++) {
      upTo = merges.erase(10, upTo);
    }
    assertThat(rounds).isBetween(2, 10);
  }
}
