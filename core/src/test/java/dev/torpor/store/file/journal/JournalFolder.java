package dev.torpor.store.file.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A journal's folder with what stands for the manifest, for tests. */
final class JournalFolder implements SegmentListener {

  static final String STORE = "5f1c";
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

  /** Segments of a few lines, and no marks from idleness. */
  static final JournalOptions SMALL = new JournalOptions(2048, 512, 1, Duration.ofHours(1));

  final Disk disk;
  final Path path;
  final List<Segment> named = new CopyOnWriteArrayList<>();
  final List<Long> begun = new CopyOnWriteArrayList<>();

  JournalFolder(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  @Override
  public void prepared(Segment segment) throws IOException {
    if (!named.contains(segment)) {
      named.add(segment);
    }
  }

  @Override
  public void begun(Segment segment, long firstSeq) {
    begun.add(firstSeq);
  }

  @Override
  public boolean unused(List<Segment> segments) {
    return named.removeAll(segments);
  }

  JournalReader read(long knownDurable) throws IOException {
    return JournalReader.open(disk, path, STORE, named, knownDurable);
  }

  Journal start(JournalOptions options) throws IOException {
    JournalReader reader = read(0);
    reader.replay(1, (seq, at, bytes, offset, length) -> {});
    Journal journal = Journal.start(reader, options, InstantSource.fixed(NOON), this);
    for (Segment blank : reader.blank()) {
      named.remove(blank);
      disk.delete(file(blank));
    }
    return journal;
  }

  /** What a replay showed. */
  record Shown(List<Long> seqs, List<String> lines, Replay replay) {}

  Shown replay() throws IOException {
    return replay(read(0), 1);
  }

  static Shown replay(JournalReader reader, long from) throws IOException {
    List<Long> seqs = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    Replay replay =
        reader.replay(
            from,
            (seq, at, bytes, offset, length) -> {
              seqs.add(seq);
              lines.add(new String(bytes, offset, length, UTF_8));
            });
    return new Shown(seqs, lines, replay);
  }

  static void append(Journal journal, long seq) {
    append(journal, seq, "line " + seq);
  }

  static void append(Journal journal, long seq, String text) {
    byte[] body = ("\"changes\":[\"" + text + "\"]").getBytes(UTF_8);
    journal.append(seq, NOON, line -> line.write(body));
  }

  /** Commits one by one, each forced, as one writer would. */
  static void commit(Journal journal, long from, long to) throws Exception {
    for (long seq = from; seq <= to; seq++) {
      while (!journal.hasRoom()) {
        journal.awaitRoom(Duration.ofSeconds(10));
      }
      append(journal, seq);
      journal.awaitDurable(seq);
    }
  }

  /** Closes a journal, and puts back what its segments held before, as if it had been killed. */
  void kill(Journal journal) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    List<Segment> segments = List.copyOf(named);
    for (Segment segment : segments) {
      contents.add(Files.readAllBytes(file(segment)));
    }
    journal.close();
    named.clear();
    named.addAll(segments);
    for (int i = 0; i < segments.size(); i++) {
      Files.write(file(segments.get(i)), contents.get(i));
    }
  }

  Path file(Segment segment) {
    return segment.file(path);
  }

  /** Returns a segment's lines that are not blank. */
  List<String> lines(int index) throws IOException {
    return Files.readString(file(named.get(index)), UTF_8)
        .lines()
        .filter(l -> !l.isEmpty())
        .toList();
  }

  /** Overwrites a part of a segment, beginning where a text is first found. */
  void overwrite(int index, String found, String replacement) throws IOException {
    Path file = file(named.get(index));
    String content = Files.readString(file, UTF_8);
    int at = content.indexOf(found);
    if (at < 0) {
      throw new IllegalArgumentException("no " + found + " in " + file);
    }
    Files.writeString(
        file,
        content.substring(0, at) + replacement + content.substring(at + replacement.length()),
        UTF_8);
  }
}
