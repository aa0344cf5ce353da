package dev.torpor.state;

import java.time.Instant;

/**
 * An agent that was deleted. One that is created again under its id goes on from its version.
 *
 * @param agentId its id
 * @param version its last
 * @param at when
 */
public record Deleted(String agentId, long version, Instant at) {}
