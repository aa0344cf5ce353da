/**
 * Measures how costs depend on the state that there is: long histories (W3), many agents at a start
 * (W4), a million sleepers (W5), checkpoints beside writers (W6), hours of steady work (W7), a
 * start after a kill (W8).
 *
 * <p>What is measured from the start of a process is measured in processes: {@link
 * dev.torpor.benchmarks.state.Child} starts one, which plays a {@link
 * dev.torpor.benchmarks.state.Role} and says what it found. State is built through Torpor's public
 * door, and so are its sizes looked at, but for one thing: how much of the packs is live (W7) is
 * counted in the packs.
 */
@NullMarked
package dev.torpor.benchmarks.state;

import org.jspecify.annotations.NullMarked;
