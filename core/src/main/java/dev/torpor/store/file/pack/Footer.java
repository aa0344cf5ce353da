package dev.torpor.store.file.pack;

import java.util.ArrayList;
import java.util.List;

/**
 * A pack's last line: the header again, what was counted, and where what is.
 *
 * @param prefixes how many entries remove a prefix
 * @param index where the index begins, which is where the entries end
 * @param filter where the filter begins
 * @param parts where the line of parts is, the footer behind it
 */
record Footer(
    Header header,
    long entries,
    long removals,
    long prefixes,
    long index,
    long filter,
    long parts) {

  private static final byte[] ENTRIES = Format.ascii(",\"entries\":");
  private static final byte[] REMOVALS = Format.ascii(",\"removals\":");
  private static final byte[] PREFIXES = Format.ascii(",\"prefixes\":");
  private static final byte[] INDEX = Format.ascii(",\"index\":");
  private static final byte[] FILTER = Format.ascii(",\"filter\":");
  private static final byte[] PARTS = Format.ascii(",\"parts\":");

  private static final byte[] PARTS_LINE = Format.ascii("\"parts\":[");

  LineBuilder line() {
    LineBuilder line = new LineBuilder(512).begin();
    header.appendTo(line);
    line.ascii(",\"entries\":").number(entries).ascii(",\"removals\":").number(removals);
    line.ascii(",\"prefixes\":").number(prefixes).ascii(",\"index\":").number(index);
    line.ascii(",\"filter\":").number(filter).ascii(",\"parts\":").number(parts);
    return line.end();
  }

  /** Reads the footer from a line that has been begun. */
  static Footer read(LineParser line) throws BadLineException, NewerFormatException {
    Header header = Header.read(line);
    long entries = line.expect(ENTRIES).number();
    long removals = line.expect(REMOVALS).number();
    long prefixes = line.expect(PREFIXES).number();
    long index = line.expect(INDEX).number();
    long filter = line.expect(FILTER).number();
    long parts = line.expect(PARTS).number();
    line.expectEnd();
    if (index > filter || filter > parts) {
      throw line.unexpected();
    }
    return new Footer(header, entries, removals, prefixes, index, filter, parts);
  }

  /** Builds the upper level of the index; positions in it count from the file's beginning. */
  LineBuilder partsLine(List<Part> list) {
    LineBuilder line = new LineBuilder(256 + 128 * list.size()).begin().ascii("\"parts\":[");
    boolean first = true;
    for (Part part : list) {
      line.ascii(first ? "[" : ",[").text(part.firstKey());
      line.ascii(",").number(index + part.index()).ascii(",").number(part.indexLength());
      line.ascii(",").number(filter + part.filter()).ascii(",").number(part.filterLength());
      line.ascii("]");
      first = false;
    }
    return line.ascii("]").end();
  }

  /** Reads the upper level of the index from a line that has been begun. */
  List<Part> readParts(LineParser line) throws BadLineException {
    List<Part> list = new ArrayList<>();
    line.expect(PARTS_LINE);
    while (!line.skip(']')) {
      if (!list.isEmpty()) {
        line.expect(',');
      }
      byte[] key = line.expect('[').text().textBytes();
      long indexAt = line.expect(',').number() - index;
      int indexLength = line.expect(',').smallNumber();
      long filterAt = line.expect(',').number() - filter;
      int filterLength = line.expect(',').smallNumber();
      line.expect(']');
      list.add(new Part(key, indexAt, indexLength, filterAt, filterLength));
    }
    line.expectEnd();
    return list;
  }
}
