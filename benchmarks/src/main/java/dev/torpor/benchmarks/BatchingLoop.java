package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The limit for many writers: one thread writes and forces all lines that wait. */
record BatchingLoop(LogFile.Kind kind) implements Contender {

  @Override
  public String name() {
    return "limit: " + kind.description() + ", batches";
  }

  @Override
  public boolean isLimit() {
    return true;
  }

  @Override
  public Session open(Path folder) throws IOException {
    return new BatchWriter(new Lines(kind.open(folder)));
  }

  private static final class Lines implements BatchWriter.Target {

    private final LogFile file;
    private final byte[] line = CommitLine.create();
    private final byte[] lines = new byte[CommitLine.MAX_BATCH_BYTES];

    Lines(LogFile file) {
      this.file = file;
    }

    @Override
    public void write(List<BatchWriter.Append> batch) throws IOException {
      int length = 0;
      for (int i = 0; i < batch.size(); i++) {
        System.arraycopy(line, 0, lines, length, line.length);
        length += line.length;
      }
      file.append(lines, length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
