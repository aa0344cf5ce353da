package dev.torpor.store.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.state.Entry;
import dev.torpor.state.MemoryItem;
import dev.torpor.store.JsonStateSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with an export is told, and by its line; nothing of it is taken for good. */
class BadExportTest {
  private static final String HEADER =
      line("\"export\":1,\"seq\":7,\"at\":\"2026-01-31T08:00:00Z\"}");

  private static String line(String rest) {
    return "{\"crc\":\"%s\",%s\n".formatted(sum(rest), rest);
  }

  private static String sum(String text) {
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  private static String item(String key) {
    return line(
        "\"key\":\"%s\",\"version\":3,\"value\":{\"key\":\"k\",\"value\":1}}".formatted(key));
  }

  private static String end(String before) {
    return line(
        "\"end\":%d,\"agents\":0,\"sum\":\"%s\"}".formatted(before.lines().count(), sum(before)));
  }

  private static long read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static long read(InputStream in) throws IOException {
    ExportReader reader = new ExportReader(in, new JsonStateSerializer());
    while (reader.next() != null) {}
    return reader.entries();
  }

  private static void assertRefused(String text, String why) {
    assertThatThrownBy(() -> read(text))
        .as(text)
        .isInstanceOf(BadExportException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aGoodOneIsReadWithWhateverFieldsMoreThereAre() throws IOException {
    String more = line("\"export\":1,\"seq\":7,\"made_by\":{\"name\":[\"x\"]}}");
    String good = more + item("a/memory/k") + item("b/memory/k");
    assertThat(read(good + end(good))).isEqualTo(2);
  }

  @Test
  void whatDoesNotBeginAsAnExportIsNone() {
    assertRefused("", "it is no export");
    assertRefused("x\n", "it is no export");
    assertRefused(HEADER.replace("\"seq\":7", "\"seq\":8"), "it is no export");
    assertRefused(line("\"seq\":7}"), "it is no export");
    assertRefused(HEADER.stripTrailing(), "it is torn in the middle of a line");
  }

  @Test
  void whereItIsTornItIsSaidSo() {
    assertRefused(HEADER, "it is torn: it has no last line");
    assertRefused(HEADER + item("a/memory/k"), "(2 lines are there)");
    assertRefused(HEADER + item("a/memory/k").substring(0, 40), "in the middle of a line");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"key\":\"a/memory/k\",\"version\":3}|line 2 is no entry",
        "\"key\":\"a/memory/k\",\"value\":{}}|line 2 is no entry",
        "\"key\":\"\",\"version\":3,\"value\":{}}|line 2 is no entry",
        "\"version\":3,\"value\":{}}|line 2 is no entry",
        "\"key\":\"a/task/t\",\"version\":3,\"value\":[1]}|line 2 is none that this Torpor knows",
        "\"key\":\"a/memory/k\",\"version\":\"x\",\"value\":{}}|line 2 is no JSON",
        "\"key\":|line 2 is no JSON"
      })
  void aLineWithAGoodChecksumThatIsNoEntryIsNamed(String rest, String why) {
    assertRefused(HEADER + line(rest), why);
  }

  @Test
  void aDamagedLineAndOneThatIsOutOfOrderOrThereTwiceAreNamed() {
    String first = HEADER + item("b/memory/k");
    assertRefused(first + item("c/memory/k").replace("memory/k", "memory/j"), "line 3 is damaged");
    assertRefused(first + "{}\n", "line 3 is damaged");
    assertRefused(first + item("a/memory/k"), "line 3 is not in order");
    assertRefused(first + item("b/memory/k"), "line 3 is not in order");
  }

  @Test
  void anEndThatTellsOfSomethingElseIsNone() {
    String good = HEADER + item("a/memory/k");
    String sum = sum(good);
    assertRefused(good + line("\"end\":3,\"agents\":0,\"sum\":\"" + sum + "\"}"), "not complete");
    assertRefused(good + line("\"end\":2,\"agents\":1,\"sum\":\"" + sum + "\"}"), "not complete");
    assertRefused(good + line("\"end\":2,\"agents\":0,\"sum\":\"00000000\"}"), "not complete");
    assertRefused(good + line("\"end\":2,\"agents\":0}"), "not complete");
    assertRefused(good + end(good) + "\n", "something stands behind its end");
    assertRefused(good + end(good) + end(good), "something stands behind its end");
  }

  @Test
  void aLineWithoutEndIsNotReadIntoMemory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    assertThatThrownBy(() -> read(endless))
        .isInstanceOf(BadExportException.class)
        .hasMessageContaining("a line has more than");
  }

  @Test
  void everyBitOfASmallOneIsCheckedAndEveryLength() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportWriter writer =
        new ExportWriter(out, new JsonStateSerializer(), 7, Instant.EPOCH, "ällice");
    writer.write(new Entry("a/memory/k", 3, 5, new MemoryItem("k", "ü")));
    writer.end();
    assertThat(writer.lines()).isEqualTo(3);
    assertThat(writer.agents()).isZero();
    byte[] good = out.toByteArray();
    assertThat(read(new ByteArrayInputStream(good))).isEqualTo(1);
    assertThat(new ExportReader(new ByteArrayInputStream(good), new JsonStateSerializer()).agent())
        .isEqualTo("ällice");
    for (int i = 0; i < good.length; i++) {
      byte[] cut = Arrays.copyOf(good, i);
      assertThatThrownBy(() -> read(new ByteArrayInputStream(cut)))
          .isInstanceOf(BadExportException.class);
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = good.clone();
        flipped[i] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> read(new ByteArrayInputStream(flipped)))
            .as("byte %d, bit %d", i, bit)
            .isInstanceOf(BadExportException.class);
      }
    }
  }
}
