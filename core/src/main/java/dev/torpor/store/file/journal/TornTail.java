package dev.torpor.store.file.journal;

import java.nio.file.Path;

/**
 * What a crash left of writes that nobody was told of; dropped.
 *
 * @param file the segment it begins in
 * @param position where in it
 * @param lines how many lines it has, over all segments, good ones and bad ones
 * @param bytes how many bytes
 */
public record TornTail(Path file, long position, long lines, long bytes) {}
