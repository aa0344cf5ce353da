package dev.torpor.state;

/**
 * A piece of state under its key, as a store keeps it.
 *
 * @param key made by {@link Keys}; keys sort by their bytes
 * @param version of the agent when it was put; 0 where it belongs to none
 * @param seq the sequence number of the commit that put it
 * @param value one of this package's records; the empty string in an index entry that says all in
 *     its key
 */
public record Entry(String key, long version, long seq, Object value) {}
