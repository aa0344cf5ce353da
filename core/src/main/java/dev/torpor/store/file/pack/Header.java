package dev.torpor.store.file.pack;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pack says of itself in its first line, and again in its last.
 *
 * @param store the store's id
 * @param from sequence numbers are above this
 * @param to and not above this
 * @param filtered how the keys begin that are in the filter
 */
record Header(String store, long from, long to, List<String> filtered) {

  private static final byte[] FORMAT = Format.ascii("\"format\":");
  private static final byte[] STORE = Format.ascii(",\"store\":");
  private static final byte[] FROM = Format.ascii(",\"from\":");
  private static final byte[] TO = Format.ascii(",\"to\":");
  private static final byte[] FILTERED = Format.ascii(",\"filtered\":[");

  Header {
    filtered = List.copyOf(filtered);
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("no sequence range: (" + from + ", " + to + "]");
    }
    if (String.join("", filtered).length() + store.length() > Format.HEADER_TEXT_LIMIT) {
      throw new IllegalArgumentException("too much is filtered to be told in a line: " + filtered);
    }
  }

  /** Adds these fields to a line. */
  void appendTo(LineBuilder line) {
    line.ascii("\"format\":").number(Format.VERSION).ascii(",\"store\":").text(store);
    line.ascii(",\"from\":").number(from).ascii(",\"to\":").number(to).ascii(",\"filtered\":[");
    for (int i = 0; i < filtered.size(); i++) {
      line.ascii(i == 0 ? "" : ",").text(filtered.get(i));
    }
    line.ascii("]");
  }

  /** Returns the pack's first line. */
  LineBuilder line() {
    LineBuilder line = new LineBuilder(256).begin();
    appendTo(line);
    return line.end();
  }

  /**
   * Reads these fields from a line that has been begun.
   *
   * @throws NewerFormatException if the line says that what follows is specified elsewhere
   */
  static Header read(LineParser line) throws BadLineException, NewerFormatException {
    long format = line.expect(FORMAT).number();
    if (format > Format.VERSION) {
      throw new NewerFormatException(format);
    }
    String store = line.expect(STORE).text().textString();
    long from = line.expect(FROM).number();
    long to = line.expect(TO).number();
    line.expect(FILTERED);
    List<String> filtered = new ArrayList<>();
    while (!line.skip(']')) {
      if (!filtered.isEmpty()) {
        line.expect(',');
      }
      filtered.add(line.text().textString());
    }
    if (from > to) {
      throw line.unexpected();
    }
    return new Header(store, from, to, filtered);
  }
}
