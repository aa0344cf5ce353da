package dev.torpor;

/**
 * What an import brought.
 *
 * @param agents how many agents are here now that came with it
 * @param entries how many entries came with it
 */
public record ImportReport(long agents, long entries) {}
