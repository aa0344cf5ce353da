package dev.torpor.store.file;

import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.PackDescription;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What is live in a state folder.
 *
 * @param generation counts the times that it was written
 * @param format the version of the folder's format
 * @param store the store's id
 * @param segments the journal's, by number
 * @param packs the live packs, the oldest first; what the journal says up to the newest one's last
 *     sequence number is in them
 * @param erased nothing is left on disk of what agents had that were deleted up to this sequence
 *     number
 */
record Manifest(
    long generation,
    int format,
    String store,
    int shards,
    String shardFunction,
    List<Segment> segments,
    List<PackDescription> packs,
    long erased) {
  static final int FORMAT = 1;

  private static final String SHARD_FUNCTION = "crc32c_lower_case_id_mod_256";
  private static final String CHECKSUM_FIELD = "{\"_checksum\":\"";
  private static final int BODY = CHECKSUM_FIELD.length() + 8 + 2;

  /** Checks that nothing is missing. */
  Manifest {
    if (generation < 0 || format < 1 || shards < 1) {
      throw new IllegalArgumentException(
          "generation %d, format %d, %d shards".formatted(generation, format, shards));
    }
    Objects.requireNonNull(store, "no store");
    Objects.requireNonNull(shardFunction, "no shard function");
    segments = List.copyOf(segments);
    packs = List.copyOf(packs);
  }

  static Manifest first(String store) {
    return new Manifest(0, FORMAT, store, 1, SHARD_FUNCTION, List.of(), List.of(), 0);
  }

  /** The same, of another generation. */
  Manifest at(long generation) {
    return new Manifest(generation, format, store, shards, shardFunction, segments, packs, erased);
  }

  /** The next generation, with these segments. */
  Manifest with(List<Segment> segments) {
    return with(segments, packs);
  }

  /** The next generation, with these segments and packs. */
  Manifest with(List<Segment> segments, List<PackDescription> packs) {
    return new Manifest(
        generation + 1, format, store, shards, shardFunction, segments, packs, erased);
  }

  /** The next generation, where nothing is left of what was deleted up to a sequence number. */
  Manifest erased(long upTo) {
    return new Manifest(
        generation + 1, format, store, shards, shardFunction, segments, packs, upTo);
  }

  /**
   * The next generation, with one pack more, and without the segments that are not needed behind
   * it.
   *
   * @param firstSegment the number of the first segment that is
   */
  Manifest packed(PackDescription pack, long firstSegment) {
    List<Segment> kept =
        segments.stream().filter(segment -> segment.number() >= firstSegment).toList();
    List<PackDescription> more = new ArrayList<>(packs);
    more.add(pack);
    return with(kept, more);
  }

  /** The segments before a number. */
  List<Segment> segmentsBefore(long number) {
    return segments.stream().filter(segment -> segment.number() < number).toList();
  }

  /** The next generation, with one pack in the place of those that it was made of. */
  Manifest merged(List<PackDescription> sources, PackDescription pack) {
    List<PackDescription> others = new ArrayList<>(packs);
    int place = others.indexOf(sources.getFirst());
    if (place < 0 || !others.removeAll(sources)) {
      throw new IllegalStateException("packs that do not count were merged");
    }
    others.add(place, pack);
    return with(segments, others);
  }

  /**
   * The commits whose place between packs no pack has. Checkpoints and merges leave none: what
   * these commits wrote is lost.
   */
  List<Range> gaps() {
    List<Range> gaps = new ArrayList<>();
    long end = 0;
    for (PackDescription pack : packs) {
      if (pack.from() > end) {
        gaps.add(new Range(end + 1, pack.from()));
      }
      end = pack.to();
    }
    return gaps;
  }

  /** Up to which sequence number all is in packs; 0 before the first checkpoint. */
  long packed() {
    return packs.isEmpty() ? 0 : packs.getLast().to();
  }

  byte[] encoded() {
    byte[] json = ManifestJson.encoded(this);
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + BODY + 1);
    String checksum = checksum(json, 1, json.length - 1);
    out.writeBytes((CHECKSUM_FIELD + checksum + "\",").getBytes(StandardCharsets.US_ASCII));
    out.write(json, 1, json.length - 1);
    out.write('\n');
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encoded()} gave; null when a byte of it changed.
   *
   * @throws StoreException {@code UNUSABLE} when it is whole, and yet says what this code does not
   *     know: somebody wrote it so, and it must not be replaced by an older one
   */
  static @Nullable Manifest decoded(Path name, byte[] file) {
    if (file.length < BODY + 2 || file[file.length - 1] != '\n') {
      return null;
    }
    String head = new String(file, 0, BODY, StandardCharsets.US_ASCII);
    String expected = CHECKSUM_FIELD + checksum(file, BODY, file.length - BODY - 1) + "\",";
    if (!head.equals(expected)) {
      return null;
    }
    byte[] json = new byte[file.length - BODY + 1];
    json[0] = '{';
    System.arraycopy(file, BODY, json, 1, file.length - BODY);
    try {
      JsonNode fields = ManifestJson.parsed(json);
      checkFormat(name, ManifestJson.format(fields));
      return ManifestJson.decoded(fields);
    } catch (JacksonException e) {
      throw noManifest(name, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw noManifest(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static StoreException noManifest(Path name, String why, Exception cause) {
    return new StoreException(
        Reason.UNUSABLE,
        "%s is whole, but no manifest of format %d: %s".formatted(name, FORMAT, why),
        cause);
  }

  /**
   * Looks at what has no good checksum, which a newer format may have of another kind.
   *
   * @throws StoreException {@code UNUSABLE} when it says that it is of a newer format
   */
  static void checkFormatSaid(Path name, byte[] file) {
    try {
      checkFormat(name, ManifestJson.format(ManifestJson.parsed(file)));
    } catch (JacksonException e) {
      // It says nothing: it is damaged.
    }
  }

  /** The first thing to look at: of a newer format, nothing else need be as it is here. */
  private static void checkFormat(Path name, int format) {
    if (format > FORMAT) {
      throw new StoreException(
          Reason.UNUSABLE,
          "%s is of format %d, newer than this Torpor's %d; use a newer Torpor"
              .formatted(name, format, FORMAT));
    }
  }

  private static String checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
