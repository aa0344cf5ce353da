package dev.torpor.cli;

import dev.torpor.Torpor;
import dev.torpor.TorporException;
import dev.torpor.server.ServeOptions;
import dev.torpor.server.ServerOptions;
import dev.torpor.server.ServerProcess;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Makes this process a server. */
public final class Serving {
  private Serving() {}

  static int run(ServeOptions options) {
    return run(options, _ -> {});
  }

  /** Serves at a free port of this machine's own address, with more behaviors. */
  public static int locally(Path state, Consumer<Torpor> moreBehaviors) {
    return run(new ServeOptions(state, ServerOptions.DEFAULT.port(0)), moreBehaviors);
  }

  private static int run(ServeOptions options, Consumer<Torpor> moreBehaviors) {
    try {
      return ServerProcess.run(options, moreBehaviors);
    } catch (TorporException e) {
      throw Refusals.of(e);
    } catch (UncheckedIOException e) {
      throw CommandException.failed(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongUsage(String.valueOf(e.getMessage()));
    }
  }
}
