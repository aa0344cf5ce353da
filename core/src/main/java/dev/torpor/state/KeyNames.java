package dev.torpor.state;

/**
 * Turns free text into a name that can stand in a key: the same text, the same name, another text,
 * another name. Thread-safe.
 */
@FunctionalInterface
public interface KeyNames {
  /**
   * Percent-encoding of all but letters, digits, and {@code . _ -} (RFC 3986, unreserved less ~).
   */
  KeyNames PERCENT_ENCODED = KeyNames::percentEncoded;

  String name(String text);

  private static String percentEncoded(String text) {
    int plain = 0;
    while (plain < text.length() && isPlain(text.charAt(plain))) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    StringBuilder name = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        append(name, c);
      } else {
        appendUtf8(name, c);
      }
    }
    return name.toString();
  }

  /** As UTF-8 does it; for half of a surrogate pair, too, which UTF-8 cannot tell from another. */
  private static void appendUtf8(StringBuilder name, int c) {
    int following = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    append(name, (0xff00 >> following + 1 & 0xff) | c >> 6 * following);
    for (int i = following - 1; i >= 0; i--) {
      append(name, 0x80 | (c >> 6 * i & 0x3f));
    }
  }

  private static void append(StringBuilder name, int b) {
    if (isPlain((char) b)) {
      name.append((char) b);
    } else {
      name.append('%')
          .append(Character.forDigit(b >> 4, 16))
          .append(Character.forDigit(b & 15, 16));
    }
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
