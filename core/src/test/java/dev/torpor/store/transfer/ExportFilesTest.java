package dev.torpor.store.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Session;
import dev.torpor.state.Stamp;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.file.MemoryTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFilesTest {
  @TempDir private Path folder;

  /** An export of an agent, of the mailbox for people, and of a session that is no agent's. */
  private static long export(OutputStream out) throws IOException {
    ExportWriter writer = new ExportWriter(out, new JsonStateSerializer(), 3, Instant.EPOCH, null);
    Session alice = session("alice");
    writer.write(new Entry("alice/session", 1, 1, alice));
    writer.write(new Entry("bob/session", 1, 1, alice));
    writer.write(new Entry("user/session", 1, 1, session(Session.USER)));
    writer.end();
    return writer.agents();
  }

  private static Session session(String agent) {
    MemoryTable table = new MemoryTable();
    Fold fold = new Fold(table, KeyNames.PERCENT_ENCODED);
    Change created =
        new Change.AgentCreated(agent, 1, agent, "echo", Map.of(), List.of(), Map.of(), true);
    fold.apply(created, new Stamp(1, Instant.EPOCH));
    Session session = fold.agent(agent).session();
    assertThat(session.status()).isEqualTo(AgentStatus.IDLE);
    return session;
  }

  private static ExportFiles.Copied copied(byte[] file, OutputStream to) throws IOException {
    try (InputStream in = ExportFiles.reading(new ByteArrayInputStream(file))) {
      return ExportFiles.copy(in, to);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aFileIsCompressedByItsNameAndReadByItsContent() throws IOException {
    Path plain = folder.resolve("agents.jsonl");
    Path compressed = folder.resolve("agents.jsonl.zst");
    assertThat(ExportFiles.write(plain, false, ExportFilesTest::export)).isEqualTo(1);
    ExportFiles.write(compressed, false, ExportFilesTest::export);
    byte[] text = Files.readAllBytes(plain);
    byte[] packed = Files.readAllBytes(compressed);
    assertThat(new String(text, UTF_8)).startsWith("{\"crc\":");
    assertThat(packed).hasSizeLessThan(text.length);
    for (byte[] file : List.of(text, packed)) {
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      assertThat(copied(file, copy)).isEqualTo(new ExportFiles.Copied(1, 3, 3));
      assertThat(copy.toByteArray()).isEqualTo(text);
    }
    assertThat(files()).hasSize(2);
  }

  @Test
  void aCompressedFileThatIsCutAnywhereIsRefused() throws IOException {
    Path file = folder.resolve("agents.zst");
    ExportFiles.write(file, false, ExportFilesTest::export);
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] cut = Arrays.copyOf(good, i);
      assertThatThrownBy(() -> copied(cut, OutputStream.nullOutputStream()))
          .as("%d bytes", i)
          .isInstanceOf(BadExportException.class);
    }
  }

  /** The format has bits that its readers pass over; whatever is flipped, nothing else is read. */
  @Test
  void aCompressedFileWithAFlippedBitIsRefusedOrSaysTheSame() throws IOException {
    Path file = folder.resolve("agents.zst");
    ExportFiles.write(file, false, ExportFilesTest::export);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] good = Files.readAllBytes(file);
    copied(good, text);
    int harmless = 0;
    for (int i = 0; i < 8 * good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      try {
        copied(flipped, copy);
        harmless++;
        assertThat(copy.toByteArray()).as("bit %d", i).isEqualTo(text.toByteArray());
      } catch (BadExportException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
    assertThat(harmless).isLessThan(8 * good.length / 50);
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyWhenTold() throws IOException {
    Path file = Files.writeString(folder.resolve("agents"), "mine");
    assertThatThrownBy(() -> ExportFiles.write(file, false, ExportFilesTest::export))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine");
    ExportFiles.write(file, true, ExportFilesTest::export);
    assertThat(Files.readString(file)).contains("alice/session");
  }

  @Test
  void aFileThatCameMeanwhileIsNotReplaced() throws IOException {
    Path file = folder.resolve("agents");
    assertThatThrownBy(
            () ->
                ExportFiles.write(
                    file,
                    false,
                    out -> {
                      Files.writeString(file, "another's");
                      return export(out);
                    }))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("another's");
    assertThat(files()).containsExactly(file);
  }

  @Test
  void whatFailsLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                ExportFiles.write(
                    folder.resolve("agents"),
                    false,
                    out -> {
                      out.write('x');
                      throw new IOException("no more");
                    }))
        .hasMessage("no more");
    assertThat(files()).isEmpty();
  }

  @Test
  void whatIsTornIsNotCopiedAsAWhole() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    export(out);
    byte[] torn = Arrays.copyOf(out.toByteArray(), out.size() - 1);
    assertThatThrownBy(() -> copied(torn, OutputStream.nullOutputStream()))
        .isInstanceOf(BadExportException.class);
  }
}
