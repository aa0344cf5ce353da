package dev.torpor.store.file.pack;

/**
 * What a manifest says of a pack and its twin.
 *
 * @param number names the two files
 * @param from the pack holds what happened after this sequence number
 * @param to and up to this one
 * @param entries how many entries it has, removals among them
 * @param removals how many of them have no value
 * @param pack the pack's file
 * @param twin the twin's file
 */
public record PackDescription(
    long number,
    long from,
    long to,
    long entries,
    long removals,
    StoredFile pack,
    StoredFile twin) {}
