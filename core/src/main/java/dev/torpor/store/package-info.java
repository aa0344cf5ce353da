/**
 * What a store must do: the service provider interface between the runtime and whatever keeps
 * state.
 *
 * <p>A store takes commits one after another, in the order of their sequence numbers, and makes
 * them durable in that order. It holds the entries that the commits wrote. Whoever commits holds
 * the shard's decision lock; nothing but {@link dev.torpor.store.StateStore#awaitDurable} waits for
 * a device, and that is called outside the lock. It knows nothing of deciding.
 */
@NullMarked
package dev.torpor.store;

import org.jspecify.annotations.NullMarked;
