package dev.torpor.rules;

import dev.torpor.state.Json;
import dev.torpor.state.Limits;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The door: ids, names and sizes are checked here, once. */
final class Names {
  /** Windows opens a device under these names, whatever follows a dot. */
  private static final Pattern DEVICE =
      Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?", Pattern.CASE_INSENSITIVE);

  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_KEY_BYTES = 256;

  private Names() {}

  /** Checks the form of an agent's id. */
  static void checkId(String id, String field, Limits limits) {
    if (id.length() > limits.maxIdLength() || !isId(id)) {
      throw Refusal.limit(
          "id",
          field,
          "'%s' is no id: 1 to %d of A-Z a-z 0-9 . _ -, not starting or ending with a dot",
          shown(id),
          limits.maxIdLength());
    }
    if (isDevice(id)) {
      throw Refusal.limit("id", field, "'%s' is no id: the name is reserved on Windows", id);
    }
  }

  /** No slash, no dot at an end: an id is also the name of a file. */
  private static boolean isId(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return !text.isEmpty() && !text.startsWith(".") && !text.endsWith(".");
  }

  /** Only a short first part, up to a dot, can be a device's: most ids are not looked at. */
  private static boolean isDevice(String id) {
    int dot = id.indexOf('.');
    int length = dot < 0 ? id.length() : dot;
    return (length == 3 || length == 4) && DEVICE.matcher(id).matches();
  }

  /** Whether an id is the mailbox for people, in any case. */
  static boolean isUser(String id) {
    return id.equalsIgnoreCase(Session.USER);
  }

  static void checkEvent(String event, String field, Limits limits) {
    if (event.isEmpty() || event.length() > limits.maxEventLength()) {
      throw Refusal.limit(
          "max_event_length",
          field,
          "an event's name has 1 to %d characters, this one %d",
          limits.maxEventLength(),
          event.length());
    }
  }

  static void checkEvents(List<String> events, Limits limits) {
    if (events.size() > 100) {
      throw Refusal.limit("max_wake_events", "wake_events", "100 wake events are the most");
    }
    events.forEach(event -> checkEvent(event, "wake_events", limits));
  }

  /** A prompt, a body, a message: a text that may be long. */
  static void checkText(@Nullable Object text, String field, Limits limits) {
    checkSize(text, "max_" + field + "_bytes", field, limits.maxTextBytes());
  }

  /** All of a message. */
  static void checkText(Message message, Draft draft) {
    checkText(message.content(), "content", draft.limits());
    checkText(message.toolCalls(), "tool_calls", draft.limits());
    checkText(message.metadata(), "metadata", draft.limits());
    checkName(message.name(), "name");
    checkName(message.toolCallId(), "tool_call_id");
  }

  /** A name, a subject, a reason: a text that people see in a line. */
  static void checkName(@Nullable String name, String field) {
    checkSize(name, "max_" + field + "_bytes", field, MAX_NAME_BYTES);
  }

  static void checkIdempotencyKey(String key) {
    if (key.isEmpty()) {
      throw Refusal.invalid("idempotency_key", "an idempotency key has at least one character");
    }
    checkSize(key, "max_idempotency_key_bytes", "idempotency_key", MAX_KEY_BYTES);
  }

  static void checkMemory(String key, @Nullable Object value, Limits limits) {
    if (key.isEmpty()) {
      throw Refusal.invalid("key", "a key of the working memory has at least one character");
    }
    checkSize(key, "max_memory_key_bytes", "key", limits.maxMemoryKeyBytes());
    checkSize(value, "max_memory_value_bytes", "value", limits.maxMemoryValueBytes());
  }

  private static void checkSize(@Nullable Object value, String limit, String field, int most) {
    if (value instanceof String text && text.length() <= most / 3) {
      return; // no character has more than three bytes for each half of it
    }
    long size = value instanceof String text ? Json.utf8Length(text) : Json.size(value);
    if (value != null && size > most) {
      throw Refusal.limit(limit, field, "%s has %d bytes; the limit is %d", field, size, most);
    }
  }

  /**
   * Somebody's text as an error message may show it: short, and with nothing that moves a terminal.
   */
  static String shown(String text) {
    String plain =
        text.codePoints()
            .limit(64)
            .collect(
                StringBuilder::new,
                (b, c) -> b.appendCodePoint(Character.isISOControl(c) ? '?' : c),
                StringBuilder::append)
            .toString();
    return text.length() > 64 ? plain + "…" : plain;
  }
}
