package dev.torpor.server;

import java.nio.file.Path;

/**
 * What a server process serves, and where.
 *
 * @param state the state folder; it is made when it is not there
 * @param server where it listens
 */
public record ServeOptions(Path state, ServerOptions server) {}
