package dev.torpor.server;

import dev.torpor.Page;
import dev.torpor.Torpor;
import dev.torpor.rules.Request;
import dev.torpor.state.Message;
import dev.torpor.state.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code context.*} and {@code memory.*}. */
final class ContextMethods {
  private final Torpor torpor;

  ContextMethods(Torpor torpor) {
    this.torpor = torpor;
  }

  void addTo(Methods methods) {
    methods.changing(
        "context.append",
        this::append,
        "agent_id",
        "role",
        "content",
        "name",
        "tool_calls",
        "tool_call_id",
        "metadata");
    methods.reading("context.history", this::history, "agent_id", "from", "limit", "last");
    methods.reading("memory.get", this::get, "agent_id", "key");
    methods.changing("memory.put", this::put, "agent_id", "key", "value");
    methods.changing("memory.remove", this::remove, "agent_id", "key");
  }

  @SuppressWarnings("NullAway") // a compiled compact constructor forgets that values may be null
  private Supplier<?> append(Params p, Carrier carrier) {
    Message message =
        new Message(
            -1,
            p.requiredOneOf("role", Role.class),
            content(p),
            p.optionalText("name"),
            toolCalls(p),
            p.optionalText("tool_call_id"),
            p.objectOrEmpty("metadata"),
            null,
            null);
    Supplier<Long> index =
        carrier.carry(new Request.AppendMessage(p.text("agent_id"), message), p.terms());
    return () -> Map.of("index", index.get());
  }

  private static Object content(Params p) {
    return switch (p.value("content")) {
      case null -> throw p.missing("content");
      case String text -> text;
      case List<?> parts -> parts;
      default -> throw p.wrongType("content", "a text or an array of parts");
    };
  }

  private static @Nullable Object toolCalls(Params p) {
    return switch (p.value("tool_calls")) {
      case null -> null;
      case List<?> calls -> calls;
      default -> throw p.wrongType("tool_calls", "an array");
    };
  }

  private Map<String, @Nullable Object> history(Params p) {
    String agent = p.text("agent_id");
    List<Message> messages;
    if (p.has("last")) {
      if (p.has("from") || p.has("limit")) {
        throw new InvalidParamException(
            "invalid", "last", "give last, or from and limit, not both", null);
      }
      messages = torpor.lastMessages(agent, p.integer("last", 1, 1, Page.MAX_LIMIT));
    } else {
      Long from = p.optionalLong("from");
      if (from != null && from < 0) {
        throw p.outOfRange("from", "is at least 0");
      }
      messages = torpor.messages(agent, from == null ? 0 : from, p.limit());
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("messages", messages.stream().map(Views::message).toList());
    answer.put("total", torpor.view(agent).session().messages());
    return answer;
  }

  private Map<String, @Nullable Object> get(Params p) {
    String key = p.text("key");
    return item(key, torpor.memory(p.text("agent_id"), key));
  }

  private Supplier<?> put(Params p, Carrier carrier) {
    String key = p.text("key");
    Object value = p.requiredValue("value");
    Supplier<Boolean> put =
        carrier.carry(new Request.PutMemory(p.text("agent_id"), key, value), p.terms());
    return () -> {
      var _ = put.get();
      return item(key, value);
    };
  }

  private Supplier<?> remove(Params p, Carrier carrier) {
    String key = p.text("key");
    Supplier<Boolean> removed =
        carrier.carry(new Request.RemoveMemory(p.text("agent_id"), key), p.terms());
    return () -> {
      var _ = removed.get();
      return item(key, null);
    };
  }

  private static Map<String, @Nullable Object> item(String key, @Nullable Object value) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("key", key);
    item.put("value", value);
    return item;
  }
}
