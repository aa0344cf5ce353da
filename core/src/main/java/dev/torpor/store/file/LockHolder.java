package dev.torpor.store.file;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the file LOCK about the process that holds it.
 *
 * @param since when it took the lock
 * @param url where it serves what is in the folder; null when it does not
 */
record LockHolder(Instant since, @Nullable String url) {

  private static final Pattern URL = Pattern.compile(",\"url\":\"([^\"]*)\"");

  byte[] encoded() {
    return "{\"pid\":%d,\"host\":\"%s\",\"since\":\"%s\"%s}\n"
        .formatted(
            ProcessHandle.current().pid(),
            host(),
            since,
            url == null ? "" : ",\"url\":\"" + url.replaceAll("[\"\\\\\\p{Cntrl}]", "_") + '"')
        .getBytes(StandardCharsets.UTF_8);
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
    Matcher url = URL.matcher(holder);
    String server = url.find() ? "the server " + url.group(1) : "a process";
    String text =
        url.replaceFirst("")
            .replaceAll("[{}\"\\n]", "")
            .replaceAll("(pid|host|since):", "$1 ")
            .replace(",", ", ")
            .strip();
    return text.isEmpty() ? "another process" : server + " (" + text + ")";
  }
}
