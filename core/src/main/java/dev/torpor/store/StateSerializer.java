package dev.torpor.store;

import dev.torpor.state.KeyNames;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Turns records of {@code dev.torpor.state} into JSON and back, and free text into a name that can
 * stand in a key. JSON by default; others can wrap it, to compress or to seal. Thread-safe.
 */
public interface StateSerializer extends KeyNames {
  /**
   * Writes a value as one JSON value in UTF-8, without a line break. It does not close the stream.
   *
   * @param value a record of {@code dev.torpor.state}; a {@link dev.torpor.state.Change} is written
   *     with its type
   */
  void write(Object value, OutputStream out) throws IOException;

  /**
   * Gives what writes many values to one stream, as {@link #write} does; it may keep between them
   * what would be made anew for each. Nothing of a value is held back when its write returns.
   */
  default ValueWriter writer(OutputStream out) {
    return value -> write(value, out);
  }

  /** Writes values, one at a time. Not thread-safe; it goes on after a value that failed. */
  @FunctionalInterface
  interface ValueWriter {
    void write(Object value) throws IOException;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is not that
   */
  <T> T read(Class<T> type, byte[] json, int offset, int length);

  /**
   * Reads what stands in a JSON list, each value as {@link #read} does.
   *
   * @param json holds the list, with its brackets; what stands behind it is not looked at
   * @return what can be changed by who called
   * @throws IllegalArgumentException when it is no list, or a value of it cannot be read
   */
  default <T> List<T> readAll(Class<T> type, byte[] json, int offset, int length) {
    return ListReader.read(this, type, json, offset, length);
  }
}
