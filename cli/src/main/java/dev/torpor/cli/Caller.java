package dev.torpor.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What answers the methods of the JSON-RPC table. */
public interface Caller extends AutoCloseable {
  /**
   * Calls a method and waits for its answer.
   *
   * @param params parameters by name; what is null is left out
   * @throws CommandException when it was refused or nobody answered
   */
  Answer call(String method, Map<String, ? extends @Nullable Object> params);

  @Override
  void close();
}
