package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.Event;
import dev.torpor.state.Mail;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Remembered;
import dev.torpor.state.Session;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says about how many bytes of heap entries hold, by what in them has no bound. */
final class Weights {
  /** An entry, its key's object and its places in the table. */
  private static final int ENTRY = 120;

  /** A record with its times, counts and ids. */
  private static final int RECORD = 400;

  /** An object of a JSON value. */
  private static final int OBJECT = 32;

  /** More is not told apart; it fits beside two marks in an int. */
  private static final int HEAVIEST = Integer.MAX_VALUE >> 3;

  private Weights() {}

  static int of(Entry entry) {
    return (int) Math.min(HEAVIEST, ENTRY + entry.key().length() + ofValue(entry.value()));
  }

  private static long ofValue(Object value) {
    return switch (value) {
      case Message m -> RECORD + ofJson(m.content()) + ofJson(m.toolCalls());
      case Session s -> 2L * RECORD + ofJson(s.configuration()) + ofJson(s.metadata());
      case Task t -> RECORD + t.prompt().length() + ofJson(t.payload()) + ofJson(t.result());
      case Mail m -> RECORD + m.subject().length() + m.body().length();
      case MemoryItem m -> OBJECT + ofJson(m.value());
      case Step s -> RECORD + ofJson(s.result());
      case Remembered r -> RECORD + ofJson(r.answer());
      case Event e -> RECORD + ofJson(e.data());
      case String s -> s.length();
      default -> RECORD;
    };
  }

  private static long ofJson(@Nullable Object value) {
    return switch (value) {
      case String s -> OBJECT + s.length();
      case Map<?, ?> map -> ofJson(map.keySet()) + ofJson(map.values());
      case Iterable<?> all -> {
        long sum = OBJECT;
        for (Object each : all) {
          sum += OBJECT + ofJson(each);
        }
        yield sum;
      }
      case null, default -> OBJECT;
    };
  }
}
