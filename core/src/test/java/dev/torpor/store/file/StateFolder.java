package dev.torpor.store.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.torpor.disk.Disk;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Message;
import dev.torpor.state.Stamp;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A state folder and what tests do with it from inside and behind the store's back. */
record StateFolder(Path path) {

  static final Instant AT = Instant.parse("2026-11-24T12:00:00.123456Z");
  static final JournalOptions SMALL =
      new JournalOptions(16 << 10, 8 << 10, 2, Duration.ofMillis(50));

  /** The same, but marks are only written by a close. */
  static final JournalOptions NO_MARKS =
      new JournalOptions(16 << 10, 8 << 10, 2, Duration.ofHours(1));

  FileStore open() {
    return open(Disk.real(), SMALL);
  }

  FileStore open(Disk disk, JournalOptions options) {
    return open(disk, new JsonStateSerializer(), StateValidator.INVARIANTS, options);
  }

  FileStore open(
      Disk disk, StateSerializer serializer, StateValidator validator, JournalOptions options) {
    return FileStore.open(disk, path, serializer, validator, Clock.systemUTC(), options);
  }

  /** Makes a store of one agent with some messages, a commit each, and closes it. */
  StateFolder with(int messages) {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      for (int i = 0; i < messages; i++) {
        commit(store, appended("alice", i + 2L, i));
      }
    }
    return this;
  }

  static long commit(FileStore store, Change... changes) {
    while (!store.hasRoom()) {
      store.awaitRoom(Duration.ofSeconds(10));
    }
    Fold fold = new Fold(LoadingSource.of(store), store.names());
    Stamp stamp = new Stamp(store.appended() + 1, AT);
    for (Change change : changes) {
      fold.apply(change, stamp);
    }
    store.commit(store.owned(), new Commit(stamp, List.of(changes), fold.take()));
    return stamp.seq();
  }

  static Change created(String agent) {
    return new Change.AgentCreated(
        agent, 1, agent, "echo", Map.of("n", 1), List.of("mail"), Map.of(), true);
  }

  static Change appended(String agent, long version, long index) {
    return appended(agent, version, index, "message " + index);
  }

  static Change appended(String agent, long version, long index, String text) {
    return new Change.MessageAppended(agent, version, Message.user(text).placed(index, AT, null));
  }

  static List<Entry> entries(FileStore store) {
    List<Entry> entries = new ArrayList<>();
    LoadingSource.of(store).scan("").forEachRemaining(entries::add);
    return entries;
  }

  /** All files but the lock, each byte as a character. */
  Map<String, String> bytes() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var paths = Files.walk(path)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("LOCK")) {
          files.put(path.relativize(file).toString(), Files.readString(file, ISO_8859_1));
        }
      }
    }
    return files;
  }

  /** What a kill would leave: everything as it is now, elsewhere. */
  StateFolder copy(Path to) throws IOException {
    for (Map.Entry<String, String> file : bytes().entrySet()) {
      Path copy = to.resolve(file.getKey());
      Files.createDirectories(copy.getParent());
      Files.writeString(copy, file.getValue(), ISO_8859_1);
    }
    return new StateFolder(to);
  }

  /** A copy, made while a store is open: of a moment in which it replaced no manifest. */
  StateFolder copyAlive(Path to) throws IOException {
    for (int i = 0; ; i++) {
      byte[] manifest = Files.readAllBytes(main());
      try {
        StateFolder copy = copy(to.resolve("" + i));
        if (Arrays.equals(manifest, Files.readAllBytes(main()))
            && Arrays.equals(manifest, Files.readAllBytes(copy.main()))) {
          return copy;
        }
      } catch (NoSuchFileException | UncheckedIOException e) {
        assertThat(i).as("tries; the last met %s", e).isLessThan(100);
      }
    }
  }

  Path main() {
    return path.resolve("system/metadata.json");
  }

  Path backup() {
    return path.resolve("system/metadata.backup.json");
  }

  Path segment(int number) {
    return path.resolve("journal/%010d.jsonl".formatted(number));
  }

  /** Changes a byte of a segment where a text is first found. */
  void flip(int segment, String found) throws IOException {
    String content = Files.readString(segment(segment), ISO_8859_1);
    int at = content.indexOf(found);
    assertThat(at).as("%s in segment %d", found, segment).isNotNegative();
    flip(segment(segment), at);
  }

  /** Makes the beginning of a segment's line illegible, up to a text and some behind it. */
  void blank(int segment, String found) throws IOException {
    byte[] bytes = Files.readAllBytes(segment(segment));
    int at = new String(bytes, ISO_8859_1).indexOf(found);
    assertThat(at).as("%s in segment %d", found, segment).isNotNegative();
    int start = at;
    while (bytes[start - 1] != '\n') {
      start--;
    }
    Arrays.fill(bytes, start, at + 20, (byte) '#');
    Files.write(segment(segment), bytes);
  }

  static void flip(Path file, int at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int old = open.read();
      open.seek(at);
      open.write(old ^ 1);
    }
  }

  /** Writes text behind a segment's last line. */
  void addBehind(int segment, String text) throws IOException {
    String content = Files.readString(segment(segment), ISO_8859_1);
    int end = content.stripTrailing().length() + 1;
    try (RandomAccessFile open = new RandomAccessFile(segment(segment).toFile(), "rw")) {
      open.seek(end);
      open.write(text.getBytes(UTF_8));
    }
  }

  /** A commit's line with a good checksum, whatever its changes are. */
  static String line(long seq, String changes) {
    String rest =
        "\"seq\":%d,\"durable\":%d,\"at\":\"2026-11-24T12:00:00.123456Z\",\"changes\":%s}"
            .formatted(seq, seq - 1, changes);
    return "{\"crc\":\"%s\",%s\n".formatted(checksum(rest), rest);
  }

  static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** Asserts that something is refused for a reason, and returns the refusal. */
  static StoreException refused(StoreException.Reason reason, ThrowingCallable what) {
    StoreException refusal = catchThrowableOfType(StoreException.class, what);
    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.reason()).as("%s", refusal.getMessage()).isEqualTo(reason);
    return refusal;
  }

  /** Asserts that opening is refused for a reason and changes nothing. */
  StoreException assertUnchangedAndRefused(StoreException.Reason reason) throws IOException {
    Map<String, String> before = bytes();
    StoreException refusal = refused(reason, () -> open().close());
    assertThat(bytes()).isEqualTo(before);
    return refusal;
  }
}
