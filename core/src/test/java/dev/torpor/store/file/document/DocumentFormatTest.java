package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.state.Message;
import dev.torpor.state.RandomRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentFormatTest {

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
        return '%08x' % (crc ^ 0xffffffff)
      root = pathlib.Path(sys.argv[1])
      def document(file):
        data = file.read_bytes()
        fields = json.loads(data)
        head = b'{"_checksum":"' + crc32c(data[24:-1]).encode() + b'",'
        assert data.startswith(head) and data.endswith(b'}\\n'), file
        assert list(fields)[:5] == ['_checksum', '_version', '_seq', '_saved_at', '_session_id']
        return fields
      def lines(file):
        entries = {}
        for i, line in enumerate(file.read_bytes()[:-1].split(b'\\n')):
          assert line.startswith(b'{"crc":"' + crc32c(line[18:]).encode() + b'",'), line
          fields = json.loads(line)
          if i == 0:
            assert fields['format'] == 1
            owner = fields.get('agent', fields.get('store'))
          elif 'value' in fields: entries[fields['id']] = fields
          else: entries.pop(fields['id'], None)
        return owner, entries, i + 1
      for file in sorted(root.glob('system/*.json')): document(file)
      for file in sorted(root.glob('system/*.jsonl')): assert lines(file)[0] == '5f1c'
      for file in sorted(root.glob('agents/*')):
        agent = document(file)
        name = file.name[:-5]
        assert agent['agent_id'] == agent['_session_id'] == name
        said = {'messages': 0, 'finished': 0, 'unread': 0, 'pending_replies': 0}
        named = {k: v for k, v in agent['documents'].items() if k != 'created_at'}
        for kind, of in named.items():
          part = root / of['file']
          assert part.stat().st_size == of['bytes'], part
          if 'lines' in of:
            owner, entries, count = lines(part)
            assert owner == name and count == of['lines']
            if kind == 'context':
              assert [e['value']['index'] for e in entries.values()] == list(range(len(entries)))
              said['messages'] = len(entries)
            if kind == 'mail_history':
              for id, e in entries.items():
                said['unread'] += id.startswith('mail/') and e['value']['status'] == 'unread'
            if kind == 'task_history':
              said['finished'] = sum(id.startswith('task/') for id in entries)
          else:
            fields = document(part)
            assert fields['_checksum'] == of['checksum']
            if kind == 'mailbox': said['pending_replies'] = len(fields['pending_replies'])
        tasks = agent['tasks']
        assert said['messages'] == agent['messages']
        assert said['unread'] == agent['mail']['unread']
        assert said['pending_replies'] == agent['mail']['pending_replies']
        assert said['finished'] == tasks['completed'] + tasks['failed'] + tasks['cancelled']
        print(name, len(named))
      """;

  @TempDir private Path path;

  @Test
  void theExamplesInTheSpecificationAreWhatIsWritten() throws IOException {
    DocumentsRig rig = new DocumentsRig(path.resolve("state"));
    rig.world.ask(
        new Request.CreateAgent("alice_123", "Alice", "echo", Map.of(), List.of(), Map.of(), true));
    rig.world.ask(new Request.PutMemory("alice_123", "file_count", 15));
    rig.world.ask(new Request.AppendMessage("alice_123", Message.user("hello")));
    rig.world.ask(
        new Request.PutToSleep(
            "alice_123",
            new SleepDraft(Duration.ofHours(1), null, List.of("mail_received"), null, false)));
    rig.complete();
    String specification =
        Files.readAllLines(
                Path.of("src/main/java/dev/torpor/store/file/document/package-info.java"), UTF_8)
            .stream()
            .map(line -> line.replaceFirst("^ \\* ?", "") + "\n")
            .reduce("", String::concat);
    assertThat(specification)
        .contains(rig.text("sleep/alice_123_sleep.json"))
        .contains(rig.text("context/alice_123.jsonl"));
  }

  @Test
  void anIndependentProgramFindsWhatTheSpecificationSays() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs Python");
    DocumentsRig rig = new DocumentsRig(path.resolve("state"));
    Random random = new Random(7);
    for (int i = 0; i < 800; i++) {
      RandomRequests.act(rig.world, random);
      if (i % 50 == 0) {
        rig.project();
      }
    }
    rig.complete();
    Process python =
        new ProcessBuilder("python3", "-c", CHECK, rig.folder.toString())
            .redirectErrorStream(true)
            .start();
    List<String> said = python.inputReader(UTF_8).lines().toList();
    assertThat(said.stream().map(line -> line.split(" ")[0]))
        .as(String.join("\n", said))
        .containsExactlyElementsOf(
            rig.files().keySet().stream()
                .filter(file -> file.startsWith("agents/"))
                .map(file -> file.substring(7, file.length() - 5))
                .toList())
        .contains("user")
        .hasSizeGreaterThan(2);
  }
}
