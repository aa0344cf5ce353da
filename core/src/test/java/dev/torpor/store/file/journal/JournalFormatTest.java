package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFormatTest {

  /** Shares nothing with the code under test, not even the language. */
  private static final String CHECK =
      """
      import json, pathlib, sys
      table = []
      for i in range(256):
        for _ in range(8): i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
      def crc32c(data):
        crc = 0xffffffff
        for byte in data: crc = table[(crc ^ byte) & 255] ^ crc >> 8
        return crc ^ 0xffffffff
      seq = 0
      for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        lines = file.read_bytes().split(b'\\n')
        assert lines.pop() == b'', 'the last line has no end'
        for line in filter(None, lines):
          fields = json.loads(line)
          assert '%08x' % crc32c(line[18:]) == fields['crc'], line
          assert line.startswith(b'{"crc":"' + fields['crc'].encode() + b'",'), line
          if 'seq' in fields:
            assert fields['seq'] == seq + 1 > fields['durable'], line
            seq += 1
      print('good up to', seq)
      """;

  @Test
  void theExampleInTheSpecificationIsWhatTheJournalWrites() throws IOException {
    List<String> example =
        Files.readAllLines(
                Path.of("src/main/java/dev/torpor/store/file/journal/package-info.java"), UTF_8)
            .stream()
            .filter(line -> line.startsWith(" * {\"crc\""))
            .map(line -> line.substring(3))
            .toList();
    LineBuffer written = new LineBuffer();
    LineEncoder encoder = new LineEncoder();
    BodyWriter body = line -> line.writeAscii("\"changes\":[]");
    encoder.header(written, new Segment(7, 16 << 20), "5f1c", 1041);
    encoder.commit(written, 1041, 1040, Instant.parse("2026-11-24T12:00:00.123456Z"), body);
    encoder.commit(written, 1042, 1040, Instant.parse("2026-11-24T12:00:00.123502999Z"), body);
    encoder.mark(written, 1042, Instant.parse("2026-11-24T12:00:00.173981Z"));
    assertThat(new String(written.bytes(), 0, written.size(), UTF_8).lines())
        .containsExactlyElementsOf(example);
  }

  @Test
  void anIndependentProgramFindsEveryLineGood(@TempDir Path path) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs Python");
    JournalFolder folder = new JournalFolder(Disk.real(), path.resolve("journal"));
    try (Journal journal = folder.start(SMALL)) {
      commit(journal, 1, 30);
    }
    Process check =
        new ProcessBuilder("python3", "-c", CHECK, folder.path.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(check.inputReader().lines()).containsExactly("good up to 30");
  }

  @Test
  void aMarkOfTheLargestNumberFitsItsReserve() {
    LineBuffer written = new LineBuffer();
    new LineEncoder().mark(written, Long.MAX_VALUE, Instant.parse("9999-12-31T23:59:59.999999Z"));
    assertThat(written.size()).isLessThanOrEqualTo(LineEncoder.MARK_LIMIT);
  }
}
