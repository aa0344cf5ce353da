package dev.torpor.store.file;

import dev.torpor.disk.WriteFile;
import dev.torpor.state.Json;
import dev.torpor.store.file.pack.LooseLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts the lines of a damaged pack, twin or segment, or of what was left of a damaged agent, into
 * those that may hold anything of agents that were deleted, and the others.
 *
 * <p>An entry is its agent's, whose id its key begins with. A change is its agent's; of a commit
 * that has others', too, those stay, without the commit's checksum. Any other line counts as theirs
 * when their id stands in it. A line with a sequence number behind an agent's deletion holds
 * nothing of that life. A line whose checksum is wrong, and which yet is JSON, is taken at its
 * word, but for its sequence number. What cannot be read at all stays where it stands behind all
 * those deletions, or between two entries of one other agent, since packs are sorted; else it may
 * be theirs. Used once, by one thread.
 */
final class Sifting implements LooseLines.Visitor {
  /** Behind a line that lost its end, another's may begin. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Json.MAX_DEPTH + 2 * Json.DEPTH_AROUND)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE) // what was written must be readable
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]+");

  /** {@code {"crc":"1c2d3e4f",}. */
  private static final int CHECKED = 18;

  /** So much of what cannot be read is held until it is known where it stands. */
  private static final int MOST_HELD = 64 << 20;

  private final Map<String, Long> deleted;
  private final long last;
  private final @Nullable String owner;
  private final boolean isChecked;
  private final @Nullable WriteFile out;
  private final Runnable goesOn;
  private final SortedSet<String> agents = new TreeSet<>();
  private final List<byte[]> held = new ArrayList<>();
  private long heldBytes;

  /** Whose the last entry was that could be read; null if that is not known, or nobody's. */
  private @Nullable String before;

  /** Whatever comes has a sequence number above this. */
  private long above;

  private @Nullable String end;
  private long kept;
  private long removed;

  /**
   * @param deleted in which commit agents were deleted, by their ids in lower case
   * @param owner whose the whole file is; null if there is no such agent
   * @param isChecked whether each of its lines has a checksum, as those of packs and segments have
   * @param out gets what stays; null when only the counts are wanted
   * @param goesOn asked with each line; throws to end it
   */
  Sifting(
      Map<String, Long> deleted,
      @Nullable String owner,
      boolean isChecked,
      @Nullable WriteFile out,
      Runnable goesOn) {
    this.isChecked = isChecked;
    this.goesOn = goesOn;
    this.deleted = deleted;
    this.last = deleted.values().stream().mapToLong(Long::longValue).max().orElse(0);
    this.owner = owner == null ? null : owner.toLowerCase(Locale.ROOT);
    this.before = this.owner;
    this.out = out;
  }

  /** How many lines, or stretches without lines, may hold something of theirs. */
  long removed() {
    return removed;
  }

  /** How many hold nothing of theirs. */
  long kept() {
    return kept;
  }

  /** Whose lines were found; not of what cannot be read. */
  SortedSet<String> agents() {
    return agents;
  }

  @Override
  public void line(byte[] bytes, int offset, int length) throws IOException {
    goesOn.run();
    JsonNode line = object(bytes, offset, length);
    if (line == null) {
      hold(Arrays.copyOfRange(bytes, offset, offset + length));
      return;
    }
    boolean isGood = isGood(bytes, offset, length);
    long seq = isGood ? line.path("seq").asLong(0) : 0;
    String of = line.path("key").isString() ? ofEntry(line.path("key").stringValue()) : null;
    if (isGood) {
      settle(of);
      before = of;
      above = Math.max(above, said(line));
    }
    if (line.path("changes").isArray()) {
      commit((ObjectNode) line, seq, bytes, offset, length);
    } else if (of != null ? isTheirs(of, seq) : namesThem(text(bytes, offset, length), seq)) {
      removed++;
    } else {
      keep(bytes, offset, length);
    }
  }

  @Override
  public void gap() throws IOException {
    hold(new byte[0]);
  }

  /** What cannot be read may be theirs as what cannot be told may, and ends the file. */
  @Override
  public void unreadable(String why) throws IOException {
    end = why;
    gap();
  }

  /** Why the end of the file could not be read; null if it could. */
  @Nullable String unreadable() {
    return end;
  }

  /** To be called behind the last line. */
  void end() throws IOException {
    settle(owner);
  }

  /** Behind which sequence number is what follows a header, or a commit. */
  private static long said(JsonNode line) {
    if (line.has("changes")) {
      return line.path("seq").asLong(0);
    }
    long from = line.path("from").asLong(0);
    return line.has("segment") ? from - 1 : from;
  }

  private static @Nullable String ofEntry(String key) {
    int slash = key.indexOf('/');
    return slash < 0 || key.startsWith("~")
        ? null
        : key.substring(0, slash).toLowerCase(Locale.ROOT);
  }

  private void commit(ObjectNode line, long seq, byte[] bytes, int offset, int length)
      throws IOException {
    List<JsonNode> stay = new ArrayList<>();
    for (JsonNode change : line.path("changes")) {
      String agent = change.path("agent").asString("").toLowerCase(Locale.ROOT);
      boolean isKnown = change.path("type").isString();
      boolean isTheirs =
          !agent.isEmpty()
              ? isTheirs(agent, seq)
              : isKnown ? namesThem(change.toString(), seq) : seq <= last;
      if (!isTheirs) {
        stay.add(change);
      }
    }
    if (stay.size() == line.path("changes").size()) {
      keep(bytes, offset, length);
      return;
    }
    removed++;
    if (!stay.isEmpty()) {
      line.remove("crc");
      line.putArray("changes").addAll(stay);
      byte[] rest = MAPPER.writeValueAsBytes(line);
      keep(rest, 0, rest.length);
    }
  }

  private boolean isTheirs(String agent, long seq) {
    Long gone = deleted.get(agent);
    boolean isTheirs = gone != null && seq <= gone;
    if (isTheirs) {
      agents.add(agent);
    }
    return isTheirs;
  }

  private boolean namesThem(String text, long seq) {
    boolean names = false;
    Matcher tokens = TOKEN.matcher(text);
    while (tokens.find()) {
      names |= isTheirs(tokens.group().toLowerCase(Locale.ROOT), seq);
    }
    return names;
  }

  private void hold(byte[] bytes) throws IOException {
    held.add(bytes);
    heldBytes += bytes.length;
    if (heldBytes > MOST_HELD) {
      settle(null);
      before = null;
    }
  }

  /**
   * Judges what could not be read, now that it is known what follows it.
   *
   * @param after whose that is; null if it is not known, or nobody's
   */
  private void settle(@Nullable String after) throws IOException {
    boolean isOthers = after != null && after.equals(before) && !deleted.containsKey(after);
    for (byte[] bytes : held) {
      if (isOthers || above >= last) {
        keep(bytes, 0, bytes.length);
      } else {
        removed++;
      }
    }
    held.clear();
    heldBytes = 0;
  }

  private void keep(byte[] bytes, int offset, int length) throws IOException {
    kept++;
    if (out != null && length > 0) {
      out.write(bytes, offset, length);
      out.write(new byte[] {'\n'}, 0, 1);
    }
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
  }

  private static @Nullable JsonNode object(byte[] bytes, int offset, int length) {
    try {
      JsonNode line = MAPPER.readTree(bytes, offset, length);
      return line.isObject() ? line : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Whether its checksum is right, if it has one, or has to have one. */
  private boolean isGood(byte[] bytes, int offset, int length) {
    String head = text(bytes, offset, Math.min(length, CHECKED));
    if (!head.startsWith("{\"crc\":\"")) {
      return !isChecked;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset + CHECKED, Math.max(0, length - CHECKED));
    return head.equals("{\"crc\":\"" + HexFormat.of().toHexDigits((int) crc.getValue()) + "\",");
  }
}
