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
import java.util.ArrayList;
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

  /** Writes a journal as the specification says, and knows nothing of the code under test. */
  private static final String WRITE =
      """
      import sys
      table = []
      for i in range(256):
        for _ in range(8): i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
      def line(text):
        covered, crc = text.encode() + b'}', 0xffffffff
        for byte in covered: crc = table[(crc ^ byte) & 255] ^ crc >> 8
        return b'{"crc":"%08x",' % (crc ^ 0xffffffff) + covered + b'\\n'
      at = ',"at":"2026-11-24T12:00:00.123456Z"'
      def header(number, first):
        return line('"segment":%d,"format":1,"store":"5f1c","from":%d,"size":4096' % (number, first))
      def commit(seq, durable, what):
        return line('"seq":%d,"durable":%d%s,"changes":["%s"]' % (seq, durable, at, what))
      def mark(durable):
        return line('"durable":%d%s' % (durable, at))
      def write(number, *lines):
        with open('%s/%010d.jsonl' % (sys.argv[1], number), 'wb') as file:
          file.write(b''.join(lines).ljust(4096, b'\\n'))
      write(1, header(1, 1), commit(1, 0, 'one'), commit(2, 0, 'two'), mark(2), b'\\n\\n\\n',
          commit(3, 2, 'void'), commit(4, 2, 'void too'))
      write(3, header(3, 3), commit(3, 2, 'three'), mark(3), commit(4, 3, 'f\\u00fcnf'))
      write(4)
      """;

  @Test
  void aJournalThatAnotherProgramWroteIsRead(@TempDir Path path) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs Python");
    Process write =
        new ProcessBuilder("python3", "-c", WRITE, path.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(write.inputReader().lines()).isEmpty();
    List<Segment> segments =
        List.of(new Segment(1, 4096), new Segment(3, 4096), new Segment(4, 4096));
    JournalReader reader = JournalReader.open(Disk.real(), path, "5f1c", segments, 0);
    List<String> commits = new ArrayList<>();
    Replay replay =
        reader.replay(
            1,
            (seq, at, bytes, offset, length) ->
                commits.add(
                    seq
                        + " "
                        + at
                        + new String(bytes, offset, length, UTF_8)
                            .replaceFirst("(?s)^.*\"changes\":", " ")));
    assertThat(commits)
        .containsExactly(
            "1 2026-11-24T12:00:00.123456Z [\"one\"]}",
            "2 2026-11-24T12:00:00.123456Z [\"two\"]}",
            "3 2026-11-24T12:00:00.123456Z [\"three\"]}",
            "4 2026-11-24T12:00:00.123456Z [\"fünf\"]}");
    assertThat(replay.damages()).isEmpty();
    assertThat(replay.tornTail()).isNull();
    assertThat(replay.last()).isEqualTo(4);
    assertThat(reader.durable()).isEqualTo(3);
    assertThat(reader.blank()).containsExactly(new Segment(4, 4096));
  }

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
