/**
 * The demo: a team of agents without a language model reviews the files of a folder in a server
 * process of its own, which is killed half-way and started again. What is claimed at the end is
 * computed: from what the client was told before the kill, what the store answers after it, and the
 * log that the steps write each time they really run.
 */
@NullMarked
package dev.torpor.cli.demo;

import org.jspecify.annotations.NullMarked;
