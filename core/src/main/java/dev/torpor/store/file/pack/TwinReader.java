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
  private final byte[] window = new byte[(int) Zstd.compressBound(Format.FRAME)];

  private final byte[] content = new byte[Format.FRAME];
  private int start;
  private int filled;
  private long position;

  TwinReader(ReadFile file) {
    this.file = file;
    stored = new StoredBytes(file);
  }

  @Override
  public int next() throws IOException, BadLineException {
    position += start;
    fill();
    if (filled == 0) {
      return -1;
    }
    try {
      long size = Zstd.findFrameCompressedSize(window, 0, filled);
      long length = Zstd.getFrameContentSize(window, 0, filled);
      if (Zstd.isError(size) || length <= 0 || length > Format.FRAME) {
        throw new BadLineException("not a frame of a twin");
      }
      int read = zstd.decompressByteArray(content, 0, content.length, window, 0, (int) size);
      if (read != length) {
        throw new BadLineException("a frame of another length than it says");
      }
      start = (int) size;
      return read;
    } catch (ZstdException e) {
      throw new BadLineException("a frame that cannot be decompressed: " + e.getMessage());
    }
  }

  /** Goes to what begins as a frame does; if it is none, it will not be told either. */
  @Override
  public boolean skip() throws IOException {
    start = 1;
    while (true) {
      for (; start <= filled - MAGIC.length; start++) {
        if (Arrays.equals(window, start, start + MAGIC.length, MAGIC, 0, MAGIC.length)) {
          return true;
        }
      }
      position += start;
      int before = filled - start;
      fill();
      if (filled == before) {
        return false;
      }
    }
  }

  private void fill() throws IOException {
    System.arraycopy(window, start, window, 0, filled - start);
    filled -= start;
    start = 0;
    while (filled < window.length) {
      int read = stored.next(window, filled, window.length - filled);
      if (read < 0) {
        return;
      }
      filled += read;
    }
  }

  @Override
  public byte[] bytes() {
    return content;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long storedPosition(long packPosition) {
    return position;
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
