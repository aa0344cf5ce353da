package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import dev.torpor.disk.WriteFile;
import dev.torpor.state.Entry;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** A document of lines: its bytes in the file, whosever they are. */
final class LinesFile {
  static final byte[] HEAD = "{\"crc\":\"".getBytes(US_ASCII);

  /** Where in a line begins what its checksum covers. */
  static final int COVERED = HEAD.length + Checksum.DIGITS + 2;

  /** No line is longer: an entry fits in a line of the journal. */
  static final int LONGEST = 64 << 20;

  private static final int BUFFER = 1 << 16;

  /** What is done with a line; {@code line} is without its line feed. */
  interface Reader {
    void line(byte[] line) throws IOException;
  }

  private final Disk disk;
  private final Path path;
  private final String name;

  /**
   * @param folder the state folder
   * @param name its name there
   */
  LinesFile(Disk disk, Path folder, String name) {
    this.disk = disk;
    this.path = folder.resolve(name);
    this.name = name;
  }

  /** The line of an entry. */
  static byte[] line(String id, Entry entry, byte[] value) {
    StringBuilder head = begin(id, entry.version(), entry.seq()).append(",\"value\":");
    return end(head, value);
  }

  /** The line of what was removed. */
  static byte[] removal(String id, long seq) {
    return end(begin(id, 0, seq), new byte[0]);
  }

  /**
   * The first line.
   *
   * @param field what names the owner: {@code agent}, or {@code store}
   * @param createdAt when the owner was created, by which it is not taken for one of the same name
   *     that lived before; null for the store
   */
  static byte[] first(String field, String owner, String kind, @Nullable String createdAt) {
    StringBuilder line = new StringBuilder();
    line.append('"').append(field).append("\":\"").append(owner);
    line.append("\",\"kind\":\"").append(kind).append("\",\"format\":1");
    if (createdAt != null) {
      line.append(",\"created_at\":\"").append(createdAt).append('"');
    }
    return end(line, new byte[0]);
  }

  /** Whether a line is the first of an agent's document of a kind. */
  static boolean isFirst(byte[] line, String agent, String kind) {
    String begin = "\"agent\":\"%s\",\"kind\":\"%s\",".formatted(agent, kind);
    return new String(line, UTF_8).startsWith(begin, COVERED);
  }

  private static StringBuilder begin(String id, long version, long seq) {
    StringBuilder line = new StringBuilder(id.length() + 64).append("\"id\":\"");
    JsonStringEncoder.getInstance().quoteAsString(id, line);
    return line.append("\",\"version\":").append(version).append(",\"seq\":").append(seq);
  }

  /** Puts the checksum before it, and ends it. */
  private static byte[] end(StringBuilder head, byte[] value) {
    byte[] text = head.toString().getBytes(UTF_8);
    byte[] line = new byte[COVERED + text.length + value.length + 2];
    System.arraycopy(text, 0, line, COVERED, text.length);
    System.arraycopy(value, 0, line, COVERED + text.length, value.length);
    line[line.length - 2] = '}';
    line[line.length - 1] = '\n';
    byte[] begin = head(line, COVERED, line.length - 1 - COVERED);
    System.arraycopy(begin, 0, line, 0, COVERED);
    return line;
  }

  private static byte[] head(byte[] covered, int offset, int length) {
    byte[] head = Arrays.copyOf(HEAD, COVERED);
    byte[] rest = (Checksum.of(covered, offset, length) + "\",").getBytes(US_ASCII);
    System.arraycopy(rest, 0, head, HEAD.length, rest.length);
    return head;
  }

  /** What a line's checksum is, if it is right. */
  static String checksum(byte[] line) {
    return new String(line, HEAD.length, Checksum.DIGITS, US_ASCII);
  }

  /** Whether a line says what became of an entry, and not that there is none any more. */
  static boolean hasValue(byte[] line) {
    try (JsonParser in = Pieces.parser(line)) {
      in.nextToken();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        if (in.currentName().equals("value")) {
          return true;
        }
        in.nextToken();
        in.skipChildren();
      }
    }
    return false;
  }

  /** Which entry's a line is; empty in the first line. */
  static String id(byte[] line) {
    try (JsonParser in = Pieces.parser(line)) {
      for (int i = 0; i < 4; i++) { // the brace, the checksum, and the name of what comes next
        in.nextToken();
      }
      return in.currentName().equals("id") ? in.nextStringValue() : "";
    }
  }

  /**
   * Reads all lines.
   *
   * @return how many bytes these are
   * @throws DamagedDocumentException when one is not as it was written
   */
  long read(Reader reader) throws IOException {
    return read(Long.MAX_VALUE, reader);
  }

  /** {@link #read(Reader)} of all but a last line that has no end. */
  long readWhole(Reader reader) throws IOException {
    return read(Long.MAX_VALUE, reader, true);
  }

  /** {@link #read(Reader)} of the lines before a position, which must be the end of one. */
  long read(long before, Reader reader) throws IOException {
    return read(before, reader, false);
  }

  private long read(long before, Reader reader, boolean mayBeTorn) throws IOException {
    try (ReadFile file = disk.openToRead(path)) {
      long end = Math.min(before, file.size());
      byte[] buffer = new byte[BUFFER];
      int filled = 0;
      for (long at = 0; at < end; ) {
        if (filled == buffer.length) {
          if (buffer.length >= LONGEST) {
            throw damaged("a line has no end");
          }
          buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int n = file.read(at, buffer, filled, (int) Math.min(buffer.length - filled, end - at));
        if (n < 0) {
          throw damaged("it became shorter");
        }
        at += n;
        filled = takeLines(buffer, filled, filled + n, reader);
      }
      if (filled > 0 && !mayBeTorn) {
        throw damaged("its last line has no end");
      }
      return end - filled;
    }
  }

  /** Gives the whole lines away; what is left is at the buffer's beginning. */
  private int takeLines(byte[] buffer, int from, int end, Reader reader) throws IOException {
    int start = 0;
    for (int i = from; i < end; i++) {
      if (buffer[i] == '\n') {
        byte[] line = Arrays.copyOfRange(buffer, start, i);
        if (line.length < COVERED
            || !Arrays.equals(
                head(line, COVERED, line.length - COVERED), Arrays.copyOf(line, COVERED))) {
          throw damaged("the checksum of a line is wrong");
        }
        reader.line(line);
        start = i + 1;
      }
    }
    System.arraycopy(buffer, start, buffer, 0, end - start);
    return end - start;
  }

  boolean exists() {
    return disk.exists(path);
  }

  long size() throws IOException {
    return disk.size(path);
  }

  void delete() throws IOException {
    disk.delete(path);
  }

  DamagedDocumentException damaged(String what) {
    return new DamagedDocumentException(name, what, null);
  }

  /** Adds lines at its end. */
  Appending append() {
    return new Appending(() -> disk.append(path), null);
  }

  /**
   * Makes it anew, in another place until {@link #replaceBy}.
   *
   * @param first its first line, which is written before any other, and not alone
   */
  static Appending create(Rendering.Workplace workplace, byte @Nullable [] first) {
    return new Appending(() -> workplace.disk().create(workplace.whole()), first);
  }

  void replaceBy(Rendering.Workplace workplace) throws IOException {
    disk.rename(workplace.whole(), path);
  }

  /** Opens the file that lines go to. */
  private interface Opener {
    WriteFile open() throws IOException;
  }

  /**
   * Lines on their way into a file; there when they are flushed. As long as there are none, the
   * file is not opened.
   */
  static final class Appending implements Closeable {
    private final Opener opener;
    private byte @Nullable [] first;
    private @Nullable WriteFile file;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private long lines;
    private long bytes;

    private Appending(Opener opener, byte @Nullable [] first) {
      this.opener = opener;
      this.first = first;
    }

    void add(byte[] line) throws IOException {
      byte[] before = first;
      if (before != null) {
        first = null;
        add(before);
      }
      waiting.writeBytes(line);
      lines++;
      bytes += line.length;
      if (waiting.size() >= BUFFER) {
        flush();
      }
    }

    void flush() throws IOException {
      if (waiting.size() > 0) {
        WriteFile open = file;
        if (open == null) {
          open = opener.open();
          file = open;
        }
        open.write(waiting.toByteArray(), 0, waiting.size());
        waiting.reset();
      }
    }

    long lines() {
      return lines;
    }

    long bytes() {
      return bytes;
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }
}
