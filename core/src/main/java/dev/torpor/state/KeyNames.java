package dev.torpor.state;

import java.nio.charset.StandardCharsets;

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
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (isPlain(c)) {
        name.append(c);
      } else {
        name.append('%')
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    return name.toString();
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
