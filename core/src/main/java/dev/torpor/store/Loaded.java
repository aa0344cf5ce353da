package dev.torpor.store;

/** What a {@link StateStore} has read and not yet taken into memory. For one thread at a time. */
public interface Loaded {}
