/**
 * Torpor over HTTP: JSON-RPC at {@code /rpc}, health at {@code /healthz} and {@code /readyz}, and
 * the behaviors that need no code.
 *
 * <p>A request passes {@link dev.torpor.server.Door}, is read by {@link dev.torpor.server.Rpc}, and
 * ends in one of the classes that {@link dev.torpor.server.Methods} lists, which turn parameters
 * into a {@link dev.torpor.rules.Request} and the answer into JSON. Nothing is decided here: what
 * may be done is said in the core. An answer leaves when what it tells is durable.
 */
@NullMarked
package dev.torpor.server;

import org.jspecify.annotations.NullMarked;
