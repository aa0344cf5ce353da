/**
 * The door: {@link dev.torpor.Torpor} opens a store and runs its agents; {@link dev.torpor.Agent}
 * is one of them, {@link dev.torpor.AgentBehavior} the code of its turns, {@link dev.torpor.Turn}
 * what that code sees. Everything that changes state returns when the change would survive a power
 * cut.
 *
 * <p>What is asked can also be said as data: a {@link dev.torpor.rules.Request} and its {@link
 * dev.torpor.rules.Terms}, which is what the server does.
 */
@NullMarked
package dev.torpor;

import org.jspecify.annotations.NullMarked;
