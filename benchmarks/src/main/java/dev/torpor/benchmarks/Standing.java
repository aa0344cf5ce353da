package dev.torpor.benchmarks;

/**
 * A contender's result beside the others'.
 *
 * @param ofLimit its rate as a share of the fastest limit's
 */
public record Standing(
    Workload workload, Contender contender, Measurement median, double ofLimit) {}
