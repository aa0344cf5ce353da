package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import dev.torpor.store.StateMetadata;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/** A document that is written whole: its bytes in the file, whatever they say. */
final class DocumentFile {
  static final byte[] HEAD = "{\"_checksum\":\"".getBytes(US_ASCII);

  /** Where what the checksum covers begins. */
  static final int COVERED = HEAD.length + Checksum.DIGITS + 2;

  private static final int BUFFER = 1 << 16;

  /** What is done with its fields: called at each name, and moves on to the end of the value. */
  interface Reader {
    void field(String name, JsonParser in) throws IOException;
  }

  private final Disk disk;
  private final Path path;
  private final String name;

  /**
   * @param folder the state folder
   * @param name its name there
   */
  DocumentFile(Disk disk, Path folder, String name) {
    this.disk = disk;
    this.path = folder.resolve(name);
    this.name = name;
  }

  /** What a file begins with whose checksum is this. */
  static byte[] head(String checksum) {
    byte[] head = Arrays.copyOf(HEAD, COVERED);
    byte[] rest = (checksum + "\",").getBytes(US_ASCII);
    System.arraycopy(rest, 0, head, HEAD.length, rest.length);
    return head;
  }

  /**
   * Reads the whole file and compares what is there with its checksum.
   *
   * @return the checksum
   * @throws NoSuchFileException when there is none
   * @throws DamagedDocumentException when it is not as it was written
   */
  String check() throws IOException {
    byte[] head = new byte[COVERED];
    CRC32C crc = new CRC32C();
    try (ReadFile file = disk.openToRead(path)) {
      long end = file.size() - 1;
      readFully(file, 0, head);
      byte[] buffer = new byte[BUFFER];
      for (long at = COVERED; at < end; ) {
        int n = file.read(at, buffer, 0, (int) Math.min(BUFFER, end - at));
        if (n < 0) {
          throw damaged("it became shorter", null);
        }
        crc.update(buffer, 0, n);
        at += n;
      }
      byte[] last = new byte[1];
      readFully(file, end, last);
      if (last[0] != '\n') {
        throw damaged("its end is missing", null);
      }
    }
    String checksum = Checksum.text(crc);
    if (!Arrays.equals(head, head(checksum))) {
      throw damaged("its checksum is wrong", null);
    }
    return checksum;
  }

  private void readFully(ReadFile file, long at, byte[] bytes) throws IOException {
    for (int got = 0; got < bytes.length; ) {
      int n = at < 0 ? -1 : file.read(at + got, bytes, got, bytes.length - got);
      if (n < 0) {
        throw damaged("it is too short", null);
      }
      got += n;
    }
  }

  long size() throws IOException {
    return disk.size(path);
  }

  boolean exists() {
    return disk.exists(path);
  }

  /** Reads its fields, one after the other; it is checked first. */
  void read(Reader reader) throws IOException {
    var _ = check();
    try (InputStream bytes = new BufferedInputStream(new Input(disk.openToRead(path)), BUFFER);
        JsonParser in = Pieces.parser(bytes)) {
      in.nextToken(); // the brace that it begins with
      while (in.nextToken() != JsonToken.END_OBJECT) {
        reader.field(in.currentName(), in);
      }
    } catch (JacksonIOException e) {
      throw e.getCause(); // of the disk below
    } catch (JacksonException | IllegalArgumentException e) {
      throw damaged("it is whole, but not what this code knows: " + e.getMessage(), e);
    }
  }

  /** Reads what it says about itself; it is checked first. */
  StateMetadata metadata() throws IOException {
    long[] numbers = new long[2];
    String[] texts = new String[2];
    read(
        (field, in) -> {
          in.nextToken();
          switch (field) {
            case "_version" -> numbers[0] = in.getLongValue();
            case "_seq" -> numbers[1] = in.getLongValue();
            case "_saved_at" -> texts[0] = in.getString();
            case "_session_id" -> texts[1] = in.getString();
            default -> in.skipChildren();
          }
        });
    if (texts[0] == null || texts[1] == null) {
      throw damaged("it says nothing about itself", null);
    }
    return new StateMetadata(numbers[0], numbers[1], Instant.parse(texts[0]), texts[1]);
  }

  DamagedDocumentException damaged(String what, @Nullable Throwable e) {
    return new DamagedDocumentException(name, what, e);
  }

  /** A file from its beginning. */
  static final class Input extends InputStream {
    private final ReadFile file;
    private long position;

    Input(ReadFile file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = length == 0 ? 0 : file.read(position, buffer, offset, length);
      position += Math.max(n, 0);
      return n;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
