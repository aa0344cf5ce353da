package dev.torpor.store.file;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/** What stands in the file LOCK about the process that holds it. */
final class LockHolder {
  private LockHolder() {}

  static String here(Instant since) {
    return "{\"pid\":%d,\"host\":\"%s\",\"since\":\"%s\"}\n"
        .formatted(ProcessHandle.current().pid(), host(), since);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "_");
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** The holder for people. */
  static String shown(String holder) {
    String text =
        holder
            .replaceAll("[{}\"\\n]", "")
            .replaceAll("(pid|host|since):", "$1 ")
            .replace(",", ", ")
            .strip();
    return text.isEmpty() ? "another process" : "a process (" + text + ")";
  }
}
