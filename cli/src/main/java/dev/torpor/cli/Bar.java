package dev.torpor.cli;

import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on the terminal, if there is one. For one thread. */
final class Bar implements LongConsumer, AutoCloseable {
  private final @Nullable ProgressBar bar;

  /**
   * @param wanted false: none is shown
   */
  Bar(String task, String unit, boolean wanted) {
    bar =
        wanted && System.console() != null && System.console().isTerminal()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(" " + unit, 1)
                .setInitialMax(-1)
                .clearDisplayOnFinish()
                .build()
            : null;
  }

  /** Says how much there is to do. */
  void most(long steps) {
    if (bar != null) {
      bar.maxHint(steps);
    }
  }

  /** Says how much is done. */
  @Override
  public void accept(long steps) {
    if (bar != null) {
      bar.stepTo(steps);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
