package dev.torpor.store.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.ImportedEntry;
import dev.torpor.store.JsonStateSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The format as this package's description says it, computed there by other means. */
class ExportFormatTest {
  private static final String EXAMPLE =
      """
      {"crc":"a29c66cc","export":1,"seq":1042,"at":"2026-01-31T08:00:00Z"}
      {"crc":"80f372c1","key":"~deleted/alice","version":0,"value":{"agent_id":"alice","version":17,"at":"2026-01-30T08:00:00Z"}}
      {"crc":"6db35ce8","end":2,"agents":0,"sum":"23e6b87f"}
      """;

  private static final Deleted ALICE =
      new Deleted("alice", 17, Instant.parse("2026-01-30T08:00:00Z"));

  private static ExportReader reader(String text) throws IOException {
    return new ExportReader(
        new ByteArrayInputStream(text.getBytes(UTF_8)), new JsonStateSerializer());
  }

  @Test
  void theExampleIsRead() throws IOException {
    ExportReader reader = reader(EXAMPLE);
    assertThat(reader.seq()).isEqualTo(1042);
    assertThat(reader.agent()).isNull();
    assertThat(reader.next()).isEqualTo(new ImportedEntry("~deleted/alice", 0, ALICE));
    assertThat(reader.next()).isNull();
    assertThat(reader.next()).isNull();
  }

  @Test
  void theExampleIsWritten() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Instant at = Instant.parse("2026-01-31T08:00:00Z");
    ExportWriter writer = new ExportWriter(out, new JsonStateSerializer(), 1042, at, null);
    writer.write(new Entry("~deleted/alice", 0, 900, ALICE));
    writer.end();
    assertThat(out.toString(UTF_8)).isEqualTo(EXAMPLE);
  }

  @Test
  void aLineThatIsMissingIsNoticed() throws IOException {
    List<String> lines = new ArrayList<>(EXAMPLE.lines().toList());
    lines.remove(1);
    ExportReader reader = reader(String.join("\n", lines) + "\n");
    assertThatThrownBy(reader::next).hasMessageContaining("it is not complete");
  }

  @Test
  void whatIsNoExportAndWhatANewerTorporWroteIsSaidToBeThat() {
    assertThatThrownBy(() -> reader("")).hasMessageContaining("it is no export");
    assertThatThrownBy(() -> reader("{}\n")).hasMessageContaining("it is no export");
    String newer = "{\"crc\":\"747c1fb7\",\"export\":2}\n";
    assertThatThrownBy(() -> reader(newer))
        .isInstanceOf(BadExportException.class)
        .hasMessageContaining("format 2, newer than this Torpor's 1");
  }
}
