package dev.torpor.store.file.document;

import dev.torpor.state.Session;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The documents of an agent. */
enum Part {
  /** The agent itself. Written last, since it names the others. */
  SESSION("agents", ".json"),
  CONTEXT("context", ".jsonl"),
  TASKS("tasks", "_tasks.json"),
  TASK_HISTORY("tasks", "_history.jsonl"),
  SLEEP("sleep", "_sleep.json"),
  MAILBOX("mail", "_mailbox.json"),
  MAIL_HISTORY("mail", "_history.jsonl");

  /** Ids are checked at the door; a file's name is made of none that slipped through. */
  private static final Pattern ID = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,128}(?<!\\.)");

  private static final String INBOX = "system/inbox.json";

  private final String folder;
  private final String ending;

  Part(String folder, String ending) {
    this.folder = folder;
    this.ending = ending;
  }

  String folder() {
    return folder;
  }

  /** Its name in the state folder, with slashes. */
  String file(String agent) {
    if (!ID.matcher(agent).matches()) {
      throw new IllegalArgumentException("no id of an agent: " + agent);
    }
    return this == MAILBOX && agent.equals(Session.USER) ? INBOX : folder + "/" + agent + ending;
  }

  /** Whose document a file is, by its folder and name; null when it is none. */
  static @Nullable String agentOf(String folder, String name) {
    for (Part part : values()) {
      if (part.folder.equals(folder) && name.endsWith(part.ending)) {
        String agent = name.substring(0, name.length() - part.ending.length());
        boolean isId = ID.matcher(agent).matches();
        return isId && part.file(agent).equals(folder + "/" + name) ? agent : null;
      }
    }
    return null;
  }

  /** Whether it is one of lines, which is appended to. */
  boolean isLines() {
    return ending.endsWith("l");
  }

  /** Its name where documents name each other. */
  String field() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** This one in a set of bits. */
  int bit() {
    return 1 << ordinal();
  }

  /** All of them as bits. */
  static final int ALL = (1 << values().length) - 1;
}
