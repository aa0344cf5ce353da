/**
 * The command line. A command says what it needs and how its answer is shown; the way to the answer
 * is a {@link dev.torpor.cli.Caller}: a server, or a state folder that no server holds.
 *
 * <p>Help must answer at once, so no signature of a command names a class of Jackson, Jetty or the
 * core: picocli looks at the signatures of all commands, and that would load them.
 */
@NullMarked
package dev.torpor.cli;

import org.jspecify.annotations.NullMarked;
