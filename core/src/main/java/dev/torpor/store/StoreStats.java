package dev.torpor.store;

import org.jspecify.annotations.Nullable;

/**
 * Sizes of a store.
 *
 * @param kind what kind of store
 * @param entries how many entries it holds
 * @param appended the sequence number of its last commit
 * @param durable the highest sequence number known to be durable
 * @param journalBytes bytes of the journal's lines that a start would read
 * @param journalSegments how many segments these are in
 * @param packed the sequence number up to which all is in packs, so that a start need not read it
 *     in the journal
 * @param packs how many packs there are
 * @param packBytes bytes of the packs
 * @param twinBytes bytes of their compressed twins
 * @param checkpoint the last checkpoint since the store was opened; null if there was none
 */
public record StoreStats(
    String kind,
    long entries,
    long appended,
    long durable,
    long journalBytes,
    int journalSegments,
    long packed,
    int packs,
    long packBytes,
    long twinBytes,
    @Nullable CheckpointReport checkpoint) {}
