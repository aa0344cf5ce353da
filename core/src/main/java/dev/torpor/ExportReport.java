package dev.torpor;

/**
 * What an export holds.
 *
 * @param agents of how many agents it tells
 * @param entries how many entries of theirs, and of none, are in it
 * @param seq the sequence number of the commit as of which it tells
 */
public record ExportReport(long agents, long entries, long seq) {}
