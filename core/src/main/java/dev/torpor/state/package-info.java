/**
 * What is true of agents: immutable records, the sealed {@link dev.torpor.state.Change}, and the
 * one fold that turns changes into keyed entries.
 *
 * <p>Everything here is pure: no clock, no randomness, no input or output. The time and every id
 * are in the change, so that folding a journal again gives the same entries. State lives in entries
 * ({@link dev.torpor.state.Entry}); their keys are made in {@link dev.torpor.state.Keys} and
 * nowhere else, and the index entries that follow from an entry in {@link
 * dev.torpor.state.Indexes}.
 *
 * <p>Invariants ({@link dev.torpor.state.Invariants} checks them all): versions of an agent are
 * consecutive; a task has one place; an agent is sleeping exactly when it has a sleep; the counts
 * in a session agree with the entries that they count.
 */
@NullMarked
package dev.torpor.state;

import org.jspecify.annotations.NullMarked;
