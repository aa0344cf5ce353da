package dev.torpor.cli;

import dev.torpor.store.CheckProgress;
import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** How far a command is with reading a store: a bar on a terminal, and nothing elsewhere. */
final class CareBar implements CheckProgress, AutoCloseable {
  private static final long MEBIBYTE = 1 << 20;

  private final boolean isShown;
  private @Nullable ProgressBar bar;

  private CareBar(boolean isShown) {
    this.isShown = isShown;
  }

  static CareBar to(PrintWriter err, boolean json) {
    err.flush();
    return new CareBar(!json && System.console() != null && System.console().isTerminal());
  }

  @Override
  public void at(String what, long done, long total) {
    if (!isShown) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("Reading")
              .setUnit(" MiB", MEBIBYTE)
              .setInitialMax(total)
              .setUpdateIntervalMillis(100)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }
    bar.maxHint(total).stepTo(done);
    bar.setExtraMessage(what);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
