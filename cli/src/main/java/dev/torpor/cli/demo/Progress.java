package dev.torpor.cli.demo;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** How far the review is: a bar on a terminal, a line now and then elsewhere. */
abstract class Progress implements AutoCloseable {
  /** Says something once. */
  abstract void say(String text);

  /** So many of so many files are known to be reviewed. */
  abstract void reviewed(int files, int total);

  @Override
  public abstract void close();

  static Progress to(PrintWriter err) {
    boolean isTerminal = System.console() != null && System.console().isTerminal();
    return isTerminal ? new Bar(err) : new Lines(err);
  }

  private static final class Bar extends Progress {
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintWriter err;
    private @Nullable ProgressBar bar;

    Bar(PrintWriter err) {
      this.err = err;
    }

    @Override
    void say(String text) {
      err.println(bar == null ? text : CLEAR_LINE + text); // the bar is drawn again below it
      err.flush();
    }

    @Override
    void reviewed(int files, int total) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName("Reviewing")
                .setInitialMax(total)
                .setUpdateIntervalMillis(100)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
      }
      bar.stepTo(files);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }

  private static final class Lines extends Progress {
    private static final int PER_CENT = 20;

    private final PrintWriter err;
    private int told = -1;

    Lines(PrintWriter err) {
      this.err = err;
    }

    @Override
    void say(String text) {
      err.println(text);
      err.flush();
    }

    @Override
    void reviewed(int files, int total) {
      int part = total == 0 ? 0 : files * 100 / total / PER_CENT;
      if (part != told) {
        told = part;
        say("reviewed %d of %d files".formatted(files, total));
      }
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
