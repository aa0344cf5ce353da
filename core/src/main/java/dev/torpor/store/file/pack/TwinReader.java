package dev.torpor.store.file.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.torpor.disk.ReadFile;
import java.io.IOException;
import java.util.Arrays;

/** Reads a twin frame by frame, as {@link Contents}. */
final class TwinReader implements Contents {

  /** What every frame begins with. */
  private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private final ReadFile file;
  private final StoredBytes stored;
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();

  /** Holds any whole frame, and the beginning of the next. */
  private final byte[] window = new byte[(int) Zstd.compressBound(Format.LARGEST_FRAME)];

  private final byte[] content = new byte[Format.LARGEST_FRAME];

  /** Where in the file the window begins. */
  private long windowPosition;

  private int filled;

  /** Where in the window the frame is that was read last, and where the next one is. */
  private int frame;

  private int next;

  /** The place that could not be read last, and why. */
  private long unreadableAt = -1;

  private String unreadable = "";

  TwinReader(ReadFile file) {
    this.file = file;
    stored = new StoredBytes(file);
  }

  @Override
  public int next() throws BadLineException {
    frame = next;
    int size = frameSize();
    if (size == 0) {
      fill();
      if (filled == 0) {
        return -1;
      }
      size = frameSize();
    }
    try {
      long length = size == 0 ? 0 : Zstd.getFrameContentSize(window, frame, filled - frame);
      if (length <= 0 || length > Format.LARGEST_FRAME) {
        throw bad("not a frame of a twin");
      }
      int read = zstd.decompressByteArray(content, 0, content.length, window, frame, size);
      if (read != length) {
        throw bad("a frame of another length than it says");
      }
      next = frame + size;
      return read;
    } catch (ZstdException e) {
      throw bad("a frame that cannot be decompressed: " + e.getMessage());
    }
  }

  private BadLineException bad(String what) {
    return new BadLineException(unreadableAt < position() ? what : unreadable);
  }

  /** How long the frame is; 0 when no whole one is in the window. */
  private int frameSize() {
    try {
      long size = Zstd.findFrameCompressedSize(window, frame, filled - frame);
      return Zstd.isError(size) ? 0 : (int) size;
    } catch (ZstdException e) {
      return 0;
    }
  }

  /** Goes to what begins as a frame does; if it is none, it will not be told either. */
  @Override
  public boolean skip() {
    frame++;
    while (true) {
      for (; frame <= filled - MAGIC.length; frame++) {
        if (Arrays.equals(window, frame, frame + MAGIC.length, MAGIC, 0, MAGIC.length)) {
          next = frame;
          return true;
        }
      }
      int before = filled - frame;
      fill();
      if (filled == before) {
        return false;
      }
    }
  }

  /** Has the window begin with the frame, and what follows it. */
  private void fill() {
    System.arraycopy(window, frame, window, 0, filled - frame);
    windowPosition += frame;
    filled -= frame;
    frame = 0;
    while (filled < window.length) {
      int read = read();
      if (read <= 0) {
        return;
      }
      filled += read;
    }
  }

  /** Reads on; in the place of what cannot be read there are zeros, which no frame begins with. */
  private int read() {
    int most = window.length - filled;
    try {
      return stored.next(window, filled, most);
    } catch (IOException e) {
      unreadableAt = stored.position();
      unreadable = "it cannot be read: " + e.getMessage();
      int length = stored.skip(most);
      Arrays.fill(window, filled, filled + length, (byte) 0);
      return length;
    }
  }

  @Override
  public byte[] bytes() {
    return content;
  }

  @Override
  public long position() {
    return windowPosition + frame;
  }

  @Override
  public long storedPosition(long packPosition) {
    return position();
  }

  @Override
  public StoredFile stored() throws IOException {
    return stored.finish();
  }

  @Override
  public void close() throws IOException {
    zstd.close();
    file.close();
  }
}
