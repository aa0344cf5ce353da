package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal that nobody writes, in two passes and bounded memory. The first, {@link #open},
 * finds the durable mark, since whether a bad line is a torn tail or damage depends on it. The
 * second, {@link #replay}, shows the commits.
 *
 * <p>A file that cannot be read, as opposed to one whose bytes are bad, is an {@link IOException}
 * from either: neither a torn tail nor damage may be concluded from it. Not thread-safe.
 */
public final class JournalReader {

  private static final Pattern STORE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Disk disk;
  private final Path folder;
  private final String store;
  private final List<SegmentSurvey> surveys;
  private final List<Path> leftovers;
  private final long highestNumber;
  private final long durable;
  private @Nullable Replay lastReplay;
  private Replaying.@Nullable Tail tail;

  private JournalReader(
      Disk disk,
      Path folder,
      String store,
      List<SegmentSurvey> surveys,
      List<Path> leftovers,
      long highestNumber,
      long durable) {
    this.disk = disk;
    this.folder = folder;
    this.store = store;
    this.surveys = surveys;
    this.leftovers = leftovers;
    this.highestNumber = highestNumber;
    this.durable = durable;
  }

  /**
   * Looks through a journal's segments.
   *
   * @param folder the journal's; it need not exist for a new store
   * @param store the store's id: up to 64 ASCII letters, digits, dots, dashes and underscores
   * @param named the segments that the manifest names; others are not read
   * @param knownDurable the highest sequence number that is durable by other evidence; 0 if none is
   */
  public static JournalReader open(
      Disk disk, Path folder, String store, Collection<Segment> named, long knownDurable)
      throws IOException {
    if (!STORE_ID.matcher(store).matches()) {
      throw new IllegalArgumentException("store id '" + store + "' has other characters");
    }
    List<SegmentSurvey> surveys = new ArrayList<>();
    Set<Path> namedFiles = new HashSet<>();
    long durable = knownDurable;
    long highestNumber = 0;
    for (Segment segment :
        named.stream().sorted(Comparator.comparingLong(Segment::number)).toList()) {
      SegmentSurvey survey = SegmentSurvey.of(disk, folder, store, segment);
      surveys.add(survey);
      namedFiles.add(survey.file());
      durable = Math.max(durable, survey.durable());
      highestNumber = segment.number();
    }
    List<Path> leftovers = new ArrayList<>();
    for (Path file : disk.exists(folder) ? disk.list(folder) : List.<Path>of()) {
      long number = Segment.numberIn(file).orElse(0);
      highestNumber = Math.max(highestNumber, number);
      if (number > 0 && !namedFiles.contains(file)) {
        leftovers.add(file);
        durable = Math.max(durable, durableBy(disk, folder, store, file, number));
      }
    }
    return new JournalReader(disk, folder, store, surveys, leftovers, highestNumber, durable);
  }

  /**
   * Looks through the segments of a journal that goes on being written meanwhile. What comes behind
   * the last commit that is durable now may be there or not, by half too.
   *
   * @param named the segments that the manifest named after {@code durable} was so
   */
  public static JournalReader beside(
      Disk disk, Path folder, String store, Collection<Segment> named, long durable)
      throws IOException {
    List<SegmentSurvey> surveys = new ArrayList<>();
    for (Segment segment :
        named.stream().sorted(Comparator.comparingLong(Segment::number)).toList()) {
      surveys.add(SegmentSurvey.of(disk, folder, store, segment));
    }
    return new JournalReader(disk, folder, store, surveys, List.of(), 0, durable);
  }

  /**
   * What a file calls durable that the manifest does not name. More than the named ones hold, if
   * the manifest is older than the journal: then commits are missing, and it must not be removed.
   */
  private static long durableBy(Disk disk, Path folder, String store, Path file, long number)
      throws IOException {
    long size = disk.size(file);
    Segment unnamed = new Segment(number, Math.max(1, size));
    return unnamed.file(folder).equals(file)
        ? SegmentSurvey.of(disk, folder, store, unnamed).durable()
        : 0; // not even complete
  }

  /** Returns the durable mark: the highest sequence number that anything calls durable. */
  public long durable() {
    return durable;
  }

  /**
   * Returns the numbers of the segments that were written to, each with the sequence number from
   * which it counts: what {@link SegmentListener#begun} told of them.
   */
  public Map<Long, Long> firstSeqs() {
    Map<Long, Long> firstSeqs = new LinkedHashMap<>();
    for (SegmentSurvey survey : surveys) {
      if (survey.from() > 0) {
        firstSeqs.put(survey.segment().number(), survey.from());
      }
    }
    return firstSeqs;
  }

  /**
   * Returns the segments that the manifest names and nobody ever wrote to. They are not used any
   * more: to be taken from the manifests, then removed.
   */
  public List<Segment> blank() {
    return surveys.stream()
        .filter(survey -> survey.isBlank() && !survey.wasCutOff())
        .map(SegmentSurvey::segment)
        .toList();
  }

  /**
   * Returns the files that have a segment's name, or the temporary one, and that the manifest does
   * not name: a crash came between making and naming them, so they hold no commit, or only copies.
   */
  public List<Path> leftovers() {
    return List.copyOf(leftovers);
  }

  /**
   * Shows the commits in the order of their sequence numbers, each once. Damage does not stop it:
   * commits behind it are shown, up to the durable mark and, if none is missing, above.
   *
   * @param from the first sequence number that is needed, from 1; what is only before it is neither
   *     shown nor missed
   * @throws IOException if a file cannot be read, or the visitor throws
   */
  public Replay replay(long from, LineVisitor visitor) throws IOException {
    Replaying replaying = new Replaying(disk, folder, surveys, durable, from, visitor);
    Replay replay = replaying.run();
    lastReplay = replay;
    tail = from <= durable + 1 ? replaying.tail() : null;
    return replay;
  }

  /**
   * Shows the commits above the durable mark again; only {@link #replay} knows where they begin.
   *
   * @param tail what {@link #tail()} gave
   */
  Replay replayTail(Replaying.Tail tail, LineVisitor visitor) throws IOException {
    return new Replaying(disk, folder, surveys, durable, durable + 1, visitor).run(tail);
  }

  /** What the replay showed that lies above the durable mark. */
  Replaying.Tail tail() {
    Replaying.Tail known = tail;
    if (known == null) {
      throw new IllegalStateException("the journal was not replayed from the durable mark");
    }
    return known;
  }

  Replay lastReplay() {
    Replay replay = lastReplay;
    if (replay == null) {
      throw new IllegalStateException("the journal was not replayed");
    }
    return replay;
  }

  Disk disk() {
    return disk;
  }

  Path folder() {
    return folder;
  }

  String store() {
    return store;
  }

  /** Returns the highest number that a segment has or had, named or not; 0 if there is none. */
  long highestNumber() {
    return highestNumber;
  }
}
