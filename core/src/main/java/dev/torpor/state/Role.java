package dev.torpor.state;

/** Who said a message of a conversation. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  TOOL
}
