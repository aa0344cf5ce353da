package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import dev.torpor.disk.WriteFile;
import dev.torpor.store.StateMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;

/**
 * A document that was made and is not in its file yet. The checksum stands before what it covers,
 * so all of it is made first: in memory, or, where it is long, in a file beside. Closing removes
 * that file.
 */
final class Rendering implements AutoCloseable {
  /** What is longer is not kept in memory. */
  private static final int IN_MEMORY = 1 << 20;

  /** Writes the fields of a document behind its metadata. */
  interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  /** Where documents are made before they get their names; one at a time. */
  record Workplace(Disk disk, Path folder) {
    Path whole() {
      return folder.resolve("system/document.tmp");
    }

    Path body() {
      return folder.resolve("system/document.body.tmp");
    }
  }

  private final @Nullable Workplace workplace;
  private final Made made;
  private String checksum = "";
  private String content = "";

  private Rendering(@Nullable Workplace workplace) {
    this.workplace = workplace;
    this.made = new Made();
  }

  /**
   * Makes a document.
   *
   * @param workplace null when it is not to be written, and only its checksums are of interest
   */
  static Rendering of(@Nullable Workplace workplace, StateMetadata metadata, Body body)
      throws IOException {
    Rendering rendering = new Rendering(workplace);
    boolean done = false;
    try {
      rendering.make(metadata, body);
      done = true;
      return rendering;
    } finally {
      if (!done) {
        rendering.close();
      }
    }
  }

  private void make(StateMetadata metadata, Body body) throws IOException {
    try (JsonGenerator out = Pieces.generator(made)) {
      out.writeStartObject();
      out.writeNumberProperty("_version", metadata.version());
      out.writeNumberProperty("_seq", metadata.seq());
      out.writeStringProperty("_saved_at", metadata.savedAt().toString());
      out.writeStringProperty("_session_id", metadata.sessionId());
      out.flush();
      made.content = new CRC32C();
      body.write(out);
      out.writeEndObject();
    } catch (JacksonIOException e) {
      throw e.getCause(); // of the disk below
    }
    made.endBody();
    checksum = Checksum.text(made.all);
    content = Checksum.text(made.content);
  }

  String checksum() {
    return checksum;
  }

  String content() {
    return content;
  }

  /** How long the file is, or would be. */
  long bytes() {
    return DocumentFile.COVERED + made.length + 1;
  }

  /** Puts it in the place of what has this name, or none. */
  void writeTo(Path file) throws IOException {
    if (workplace == null) {
      throw new IllegalStateException("made to be compared");
    }
    Disk disk = workplace.disk();
    try (WriteFile out = disk.create(workplace.whole())) {
      byte[] head = DocumentFile.head(checksum);
      out.write(head, 0, head.length);
      made.copyTo(out);
      out.write(new byte[] {'\n'}, 0, 1);
    }
    disk.rename(workplace.whole(), file);
  }

  @Override
  public void close() throws IOException {
    made.close();
  }

  /** All but the brace that it begins with, which belongs before the checksum. */
  private final class Made extends OutputStream {
    private final CRC32C all = new CRC32C();
    private CRC32C content = new CRC32C();
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable WriteFile spilled;
    private boolean begun;
    private long length;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int skipped = begun || count == 0 ? 0 : 1;
      begun |= count > 0;
      int from = offset + skipped;
      int rest = count - skipped;
      all.update(bytes, from, rest);
      content.update(bytes, from, rest);
      length += rest;
      if (workplace == null) {
        return;
      }
      memory.write(bytes, from, rest);
      if (memory.size() > IN_MEMORY) {
        spill(workplace);
      }
    }

    private void spill(Workplace workplace) throws IOException {
      WriteFile out = spilled;
      if (out == null) {
        out = workplace.disk().create(workplace.body());
        spilled = out;
      }
      out.write(memory.toByteArray(), 0, memory.size());
      memory.reset();
    }

    void endBody() throws IOException {
      if (workplace != null && spilled != null) {
        spill(workplace);
        spilled.close();
      }
    }

    void copyTo(WriteFile out) throws IOException {
      if (workplace == null || spilled == null) {
        out.write(memory.toByteArray(), 0, memory.size());
        return;
      }
      CRC32C copied = new CRC32C();
      try (ReadFile file = workplace.disk().openToRead(workplace.body());
          InputStream in = new DocumentFile.Input(file)) {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer, 0, buffer.length);
            n > 0;
            n = in.read(buffer, 0, buffer.length)) {
          copied.update(buffer, 0, n);
          out.write(buffer, 0, n);
        }
      }
      if (copied.getValue() != all.getValue()) {
        throw new IOException(workplace.body() + " is not what was written to it");
      }
    }

    @Override
    public void close() throws IOException {
      if (workplace != null && spilled != null) {
        spilled.close();
        workplace.disk().delete(workplace.body());
      }
    }
  }
}
