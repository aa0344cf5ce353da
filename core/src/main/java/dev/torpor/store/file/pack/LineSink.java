package dev.torpor.store.file.pack;

import java.io.IOException;

/** Takes bytes, one behind the other. */
@FunctionalInterface
interface LineSink {
  void write(byte[] bytes, int offset, int length) throws IOException;
}
