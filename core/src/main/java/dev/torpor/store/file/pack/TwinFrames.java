package dev.torpor.store.file.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;

/** Compresses the frames of a twin. Not thread-safe. */
final class TwinFrames implements Closeable {

  /** Twins are written always and read hardly ever. */
  private static final int LEVEL = 1;

  private final StoringFile file;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final byte[] compressed = new byte[(int) Zstd.compressBound(Format.FRAME)];

  TwinFrames(StoringFile file) {
    this.file = file;
    zstd.setLevel(LEVEL).setChecksum(true).setContentSize(true);
  }

  void write(byte[] content, int length) throws IOException {
    int size = zstd.compressByteArray(compressed, 0, compressed.length, content, 0, length);
    file.write(compressed, 0, size);
  }

  @Override
  public void close() {
    zstd.close();
  }
}
