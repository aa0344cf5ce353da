package dev.torpor.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that was broadcast; the last one of each name is kept.
 *
 * @param name its name
 * @param data what it says: any JSON value
 * @param at when it was broadcast
 * @param seq the sequence number of the commit that recorded it
 */
public record Event(String name, @Nullable Object data, Instant at, long seq) {
  public Event {
    data = Json.freeze(data);
  }
}
