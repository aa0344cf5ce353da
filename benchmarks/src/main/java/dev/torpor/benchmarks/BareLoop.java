package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** The limit for one writer: each line is written and forced by the thread that has it. */
record BareLoop(LogFile.Kind kind) implements Contender {

  @Override
  public String name() {
    return "limit: " + kind.description();
  }

  @Override
  public boolean isLimit() {
    return true;
  }

  @Override
  public Session open(Path folder) throws IOException {
    LogFile file = kind.open(folder);
    byte[] line = CommitLine.create();
    return new Session() {
      @Override
      public void append(int agent, byte[] message) throws IOException {
        file.append(line, line.length);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
