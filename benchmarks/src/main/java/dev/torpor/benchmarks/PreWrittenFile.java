package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Makes a file of blank lines, forced to the disk. */
final class PreWrittenFile {

  static final int SIZE = 64 << 20;

  private static final int CHUNK = 1 << 20;

  private PreWrittenFile() {}

  static Path create(Path folder) throws IOException {
    Path file = folder.resolve("journal.jsonl");
    byte[] blank = new byte[CHUNK];
    Arrays.fill(blank, (byte) '\n');
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int written = 0; written < SIZE; written += CHUNK) {
        ByteBuffer chunk = ByteBuffer.wrap(blank);
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(true);
    }
    return file;
  }
}
