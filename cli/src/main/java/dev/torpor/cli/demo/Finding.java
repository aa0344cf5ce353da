package dev.torpor.cli.demo;

/**
 * Something that a check found.
 *
 * @param check the check's name
 * @param line from 1 on; 0 when it is about the whole file
 */
record Finding(String check, String file, int line, String message) {}
