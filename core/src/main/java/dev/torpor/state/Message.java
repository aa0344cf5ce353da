package dev.torpor.state;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation history.
 *
 * @param index its place in the history, from 0; -1 as long as it is not in one
 * @param role who said it
 * @param content a text, or a list of parts
 * @param name who said it, more exactly
 * @param toolCalls the tools that an assistant asked for: a list
 * @param toolCallId which call a tool's message answers
 * @param metadata anything else
 * @param at when it was appended; null as long as it is not in a history
 * @param taskId the task in whose turn it was appended; null from outside
 */
public record Message(
    long index,
    Role role,
    @Nullable Object content,
    @Nullable String name,
    @Nullable Object toolCalls,
    @Nullable String toolCallId,
    Map<String, @Nullable Object> metadata,
    @Nullable Instant at,
    @Nullable String taskId) {
  public Message {
    content = Json.freeze(content);
    toolCalls = Json.freeze(toolCalls);
    metadata = Json.freezeObject(metadata);
  }

  /** A message that is not in a history yet. */
  public static Message of(Role role, Object content) {
    return new Message(-1, role, content, null, null, null, Map.of(), null, null);
  }

  public static Message user(String text) {
    return of(Role.USER, text);
  }

  public static Message assistant(String text) {
    return of(Role.ASSISTANT, text);
  }

  public static Message system(String text) {
    return of(Role.SYSTEM, text);
  }

  /** What a tool answered to a call. */
  public static Message tool(String toolCallId, String text) {
    return new Message(-1, Role.TOOL, text, null, null, toolCallId, Map.of(), null, null);
  }

  /** The content as text; parts are given as JSON-like text. */
  public String text() {
    return String.valueOf(content);
  }

  /** This message at its place in a history. */
  public Message placed(long index, Instant at, @Nullable String taskId) {
    return new Message(index, role, content, name, toolCalls, toolCallId, metadata, at, taskId);
  }
}
