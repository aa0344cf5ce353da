package dev.torpor.cli;

import dev.torpor.Torpor;
import dev.torpor.TorporException;
import dev.torpor.server.Methods;
import dev.torpor.server.RpcException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers from a state folder that no server holds, with a server's own methods. */
final class FolderCaller implements Caller {
  private final Torpor torpor;
  private final Methods methods;

  private FolderCaller(Torpor torpor) {
    this.torpor = torpor;
    this.methods = Methods.of(torpor);
  }

  /** Opens a folder to read it. One that is not there is not made. */
  static FolderCaller open(Path folder) {
    return new FolderCaller(reading(folder));
  }

  /** {@link #open}, as the library has it. */
  static Torpor reading(Path folder) {
    StateFolder.checkIsThere(folder);
    StateFolder.quietLog();
    try {
      return Torpor.reading(folder);
    } catch (TorporException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public Answer call(String method, Map<String, ? extends @Nullable Object> params) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>(params);
    given.values().removeIf(value -> value == null);
    try {
      return Answer.of(methods.call(method, given));
    } catch (RpcException e) {
      throw Refusals.of(e.code(), e.getMessage(), e.hint());
    }
  }

  @Override
  public void close() {
    torpor.close();
  }
}
