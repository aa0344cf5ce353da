package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes documents say something else, under a checksum that is right. */
final class Forged {
  private Forged() {}

  /** Changes a document that is written whole. */
  static void document(Path file, UnaryOperator<String> change) throws IOException {
    String text = Files.readString(file);
    String covered = text.substring(DocumentFile.COVERED, text.length() - 1);
    String changed = change.apply(covered);
    assertThat(changed).as("%s", file).isNotEqualTo(covered);
    byte[] bytes = changed.getBytes(UTF_8);
    String head = new String(DocumentFile.head(Checksum.of(bytes, 0, bytes.length)), UTF_8);
    Files.writeString(file, head + changed + "\n");
  }

  /** Changes a line of a document of lines; the first is 0. */
  static void line(Path file, int number, UnaryOperator<String> change) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    String covered = lines.get(number).substring(LinesFile.COVERED);
    String changed = change.apply(covered);
    assertThat(changed).as("%s", file).isNotEqualTo(covered);
    byte[] bytes = changed.getBytes(UTF_8);
    String head = new String(LinesFile.HEAD, UTF_8) + Checksum.of(bytes, 0, bytes.length) + "\",";
    lines.set(number, head + changed);
    Files.writeString(file, String.join("\n", lines) + "\n");
  }
}
