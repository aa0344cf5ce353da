package dev.torpor.store.file.pack;

/**
 * Some blocks in a row that share a line of the index and one of the filter.
 *
 * @param firstKey the first key in it, UTF-8
 * @param index where its index line is, from the index's beginning
 * @param indexLength that line's bytes, its line feed included; so too below
 * @param filter where its filter line is, from the filter's beginning
 * @param filterLength 0 if no key of the part is in the filter
 */
record Part(byte[] firstKey, long index, int indexLength, long filter, int filterLength) {}
