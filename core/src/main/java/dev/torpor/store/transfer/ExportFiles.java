package dev.torpor.store.transfer;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.torpor.store.JsonStateSerializer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Files of exports. They are written under a temporary name beside the right one, forced, and
 * renamed: under its name there is a whole export, or what was there before.
 */
public final class ExportFiles {
  private static final String COMPRESSED = ".zst";

  /** How a Zstandard stream begins. */
  private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private static final int BUFFER = 1 << 16;

  private ExportFiles() {}

  /** What writes an export. */
  @FunctionalInterface
  public interface Content<R> {
    R writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, compressed when its name ends with {@code .zst}; what fails leaves nothing.
   *
   * @param replace whether it may take the place of a file that is there
   * @throws FileAlreadyExistsException when there is one, and it may not
   */
  public static <R> R write(Path file, boolean replace, Content<R> content) throws IOException {
    checkFree(file, replace);
    Path temporary =
        Files.createTempFile(
            file.toAbsolutePath().getParent(), "." + file.getFileName() + ".", ".tmp");
    try {
      R result;
      try (OutputStream out = compressed(file, Files.newOutputStream(temporary))) {
        result = content.writeTo(out);
      }
      try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      checkFree(file, replace);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return result;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Checks whether a file may be written.
   *
   * @throws FileAlreadyExistsException when there is one, and it may not be replaced
   */
  public static void checkFree(Path file, boolean replace) throws FileAlreadyExistsException {
    if (!replace && Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
  }

  private static OutputStream compressed(Path file, OutputStream out) throws IOException {
    boolean compressed = String.valueOf(file.getFileName()).endsWith(COMPRESSED);
    return new BufferedOutputStream(
        compressed ? new ZstdOutputStream(out).setChecksum(true) : out, BUFFER);
  }

  /**
   * Reads what {@link #write} wrote, compressed or not, whatever the name says.
   *
   * @param in as the bytes are in the file; closed with what is given
   */
  public static InputStream reading(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
    buffered.mark(MAGIC.length);
    boolean compressed = Arrays.equals(buffered.readNBytes(MAGIC.length), MAGIC);
    buffered.reset();
    return compressed ? new Torn(new ZstdInputStream(buffered)) : buffered;
  }

  /**
   * Copies an export, whole or not at all.
   *
   * @return of how many agents it tells, and how many entries it has
   * @throws BadExportException when it is torn or damaged; some of it is written then
   */
  public static Copied copy(InputStream from, OutputStream to) throws IOException {
    ExportReader reader = new ExportReader(new Copying(from, to), new JsonStateSerializer());
    while (reader.next() != null) {} // it checks each
    return new Copied(reader.agents(), reader.entries(), reader.seq());
  }

  /** What was copied. */
  public record Copied(long agents, long entries, long seq) {}

  /** Writes what is read. */
  private static final class Copying extends FilterInputStream {
    private final OutputStream to;

    Copying(InputStream in, OutputStream to) {
      super(in);
      this.to = to;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count > 0) {
        to.write(bytes, offset, count);
      }
      return count;
    }
  }

  /** Says of a stream that is torn or damaged that it is no good export. */
  private static final class Torn extends FilterInputStream {
    Torn(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw new BadExportException(
            "it is torn, or a byte of it is damaged: " + e.getMessage(), e);
      }
    }
  }
}
