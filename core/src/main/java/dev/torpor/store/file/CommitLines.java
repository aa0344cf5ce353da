package dev.torpor.store.file;

import dev.torpor.state.Change;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.journal.LineBuffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A commit's changes in its line of the journal: the field {@code changes}. Written by one thread
 * at a time; read by any.
 */
final class CommitLines {
  private static final byte[] BEGIN = "\"changes\":[".getBytes(StandardCharsets.US_ASCII);

  private final StateSerializer serializer;
  private final Redirected redirected = new Redirected();
  private final StateSerializer.ValueWriter writer;
  private final JsonFactory json = new JsonFactory();

  CommitLines(StateSerializer serializer) {
    this.serializer = serializer;
    this.writer = serializer.writer(redirected);
  }

  /** One stream for the serializer, whichever line it leads to. */
  private static final class Redirected extends OutputStream {
    private OutputStream to = OutputStream.nullOutputStream();

    @Override
    public void write(int b) throws IOException {
      to.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
    }
  }

  void write(List<Change> changes, LineBuffer line) {
    line.write(BEGIN, 0, BEGIN.length);
    redirected.to = line;
    try {
      for (int i = 0; i < changes.size(); i++) {
        if (i > 0) {
          line.write(',');
        }
        writer.write(changes.get(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.write(']');
  }

  /**
   * Reads the changes of a line.
   *
   * @throws IllegalArgumentException when they are none that this code knows
   */
  List<Change> read(byte[] bytes, int offset, int length) {
    try (JsonParser in = json.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean here = in.currentName().equals("changes");
        in.nextToken();
        if (here) {
          int start = offset + (int) in.currentTokenLocation().getByteOffset();
          return serializer.readAll(Change.class, bytes, start, offset + length - start);
        }
        in.skipChildren();
      }
    }
    throw new IllegalArgumentException("no changes");
  }
}
