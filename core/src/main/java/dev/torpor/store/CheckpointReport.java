package dev.torpor.store;

import java.time.Duration;
import java.time.Instant;

/**
 * What the last checkpoint of a store did.
 *
 * @param seq the sequence number up to which all is in packs since
 * @param entries how many entries it wrote
 * @param at when it was over, by the store's clock
 * @param took how long it took, from the cut to the removal of segments; documents follow behind it
 */
public record CheckpointReport(long seq, long entries, Instant at, Duration took) {}
