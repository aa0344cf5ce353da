package dev.torpor.server;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server process serves, and where.
 *
 * @param state the state folder; it is made when it is not there
 * @param server where it listens
 * @param checkpointEvery how long what is durable stands in the journal alone, at most; null for as
 *     long as Torpor thinks best
 * @param documents whether the folder shows people what is so
 * @param eraseWithin how long what was deleted may be in any file, at most; null for as long as
 *     Torpor thinks best
 */
public record ServeOptions(
    Path state,
    ServerOptions server,
    @Nullable Duration checkpointEvery,
    boolean documents,
    @Nullable Duration eraseWithin) {

  /** With what Torpor thinks best. */
  public ServeOptions(Path state, ServerOptions server) {
    this(state, server, null, true, null);
  }
}
