package dev.torpor.store.file.pack;

import static dev.torpor.store.file.pack.TestPacks.all;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackFormatTest {

  /** Shares nothing with the code under test, not even the language. */
  private static final String CHECK =
      """
      import base64, json, pathlib, sys
      table = []
      for i in range(256):
        for _ in range(8): i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
      def crc32c(data):
        crc = 0xffffffff
        for byte in data: crc = table[(crc ^ byte) & 255] ^ crc >> 8
        return crc ^ 0xffffffff
      def hash64(key):
        h = 0xcbf29ce484222325
        for byte in key: h = (h ^ byte) * 0x100000001b3 % 2**64
        for factor in 0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53: h = (h ^ h >> 33) * factor % 2**64
        return h ^ h >> 33
      def may_hold(text, key):
        bits = ''.join('{:08b}'.format(byte) for byte in base64.b64decode(text))
        h = hash64(key)
        return all(bits[(h % 2**32 + i * (h >> 32 | 1)) % len(bits)] == '1' for i in range(7))
      def check(data):
        at, lines = 0, {}
        for line in data[:-1].split(b'\\n'):
          fields = json.loads(line)
          assert line.startswith(b'{"crc":"%08x",' % crc32c(line[18:])), line
          lines[at] = fields, len(line) + 1
          at += len(line) + 1
        assert data[-1:] == b'\\n'
        header, footer = lines[0][0], list(lines.values())[-1][0]
        for name in 'format', 'store', 'from', 'to', 'filtered': assert header[name] == footer[name]
        assert header['format'] == 1
        entries = {a: l for a, (l, n) in lines.items() if 0 < a < footer['index']}
        keys = [l['key'].encode() for l in entries.values()]
        assert keys == sorted(set(keys))
        assert len(keys) == footer['entries']
        assert footer['removals'] == sum('value' not in l for l in entries.values())
        assert footer['prefixes'] == sum('prefix' in l for l in entries.values())
        assert all(header['from'] < l['seq'] <= header['to'] for l in entries.values())
        parts, index_at, filter_at = [], footer['index'], footer['filter']
        block, index, names, first, end = None, [], [], None, lines[0][1]
        def end_part():
          nonlocal index_at, filter_at
          line, length = lines[index_at]
          assert line['index'] == index and line['end'] == end, line
          filter_length = 0
          if names:
            text, filter_length = lines[filter_at]
            assert len(text['filter']) == (len(names) * 10 + 240 + 23) // 24 * 4
            assert all(may_hold(text['filter'], name) for name in names)
          parts.append([index[0][0], index_at, length, filter_at, filter_length])
          index_at, filter_at = index_at + length, filter_at + filter_length
        for a, l in entries.items():
          length = lines[a][1]
          if block is None or a + length - block > 16384:
            size = len('{"crc":"00000000","index":[') + sum(
                len(json.dumps(e, separators=(',', ':'), ensure_ascii=False).encode()) + 1
                for e in index) - 1
            if size >= 4096 or len(names) >= 4096:
              end_part()
              index, names = [], []
            index.append([l['key'], a])
            block = a
          if 'prefix' in l or any(l['key'].startswith(f) for f in header['filtered']):
            names.append(l['key'].encode())
          end = a + length
        if index: end_part()
        assert index_at == footer['filter'] and filter_at == footer['parts']
        assert lines[footer['parts']][0]['parts'] == parts
        assert footer['parts'] + lines[footer['parts']][1] == list(lines)[-1]
        return len(keys), len(parts)
      for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        print(file.name, *check(file.read_bytes()))
      """;

  /** Writes a pack as the specification says, and knows nothing of the code under test. */
  private static final String WRITE =
      """
      import base64, sys
      table = []
      for i in range(256):
        for _ in range(8): i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
      def crc32c(data):
        crc = 0xffffffff
        for byte in data: crc = table[(crc ^ byte) & 255] ^ crc >> 8
        return crc ^ 0xffffffff
      def line(text):
        covered = text.encode() + b'}'
        return b'{"crc":"%08x",' % crc32c(covered) + covered + b'\\n'
      def hash64(key):
        h = 0xcbf29ce484222325
        for byte in key: h = (h ^ byte) * 0x100000001b3 % 2**64
        for factor in 0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53: h = (h ^ h >> 33) * factor % 2**64
        return h ^ h >> 33
      def bloom(keys):
        m = (10 * len(keys) + 240 + 23) // 24 * 24
        bits = bytearray(m // 8)
        for key in keys:
          h = hash64(key.encode())
          for i in range(7):
            bit = (h % 2**32 + i * (h >> 32 | 1)) % m
            bits[bit // 8] |= 128 >> bit % 8
        return base64.b64encode(bytes(bits)).decode()
      head = '"format":1,"store":"%s","from":0,"to":9000,"filtered":["~id/","~key/"]' % sys.argv[2]
      out = line(head)
      entries = [('a/%05d' % i, ',"value":{"n":%d}' % i) for i in range(4000)]
      entries += [('gone/', ',"prefix":true'), ('left', '')]
      entries += [('~id/%05d' % i, ',"value":"a%d"' % i) for i in range(4500)]
      parts, index, names, block = [], [], [], None
      for key, rest in entries:
        text = line('"key":"%s","version":3,"seq":17%s' % (key, rest))
        if block is None or len(out) + len(text) - block > 16384:
          size = len('{"crc":"00000000","index":[') + sum(len(i) + 1 for i in index) - 1
          if index and (size >= 4096 or len(names) >= 4096):
            parts.append((first, index, names, len(out)))
            index, names = [], []
          if not index: first = key
          block = len(out)
          index.append('["%s",%d]' % (key, block))
        if 'prefix' in rest or key.startswith('~id/'): names.append(key)
        out += text
      parts.append((first, index, names, len(out)))
      indexes = [line('"index":[%s],"end":%d' % (','.join(i), end)) for _, i, _, end in parts]
      filters = [line('"filter":"%s"' % bloom(n)) if n else b'' for _, _, n, _ in parts]
      index_at = len(out)
      filter_at = index_at + sum(map(len, indexes))
      parts_at = filter_at + sum(map(len, filters))
      upper, i, f = [], index_at, filter_at
      for part, its, bits in zip(parts, indexes, filters):
        upper.append('["%s",%d,%d,%d,%d]' % (part[0], i, len(its), f, len(bits)))
        i, f = i + len(its), f + len(bits)
      out += b''.join(indexes) + b''.join(filters) + line('"parts":[%s]' % ','.join(upper))
      counts = ',"entries":%d,"removals":2,"prefixes":1' % len(entries)
      out += line(head + counts + ',"index":%d,"filter":%d,"parts":%d' % (
          index_at, filter_at, parts_at))
      open(sys.argv[1], 'wb').write(out)
      """;

  @TempDir Path path;

  @Test
  void theExampleInTheSpecificationIsWhatIsWrittenAndRead() throws IOException {
    List<String> example =
        Files.readAllLines(
                Path.of("src/main/java/dev/torpor/store/file/pack/package-info.java"), UTF_8)
            .stream()
            .filter(line -> line.startsWith(" * {\"crc\""))
            .map(line -> line.substring(3))
            .toList();
    TestPacks packs = new TestPacks(path);
    List<PackEntry> entries =
        List.of(
            PackEntry.put("alice_123/task/7", 17, 1042, "{\"status\":\"pending\"}".getBytes(UTF_8)),
            PackEntry.removePrefix("bob/", 9, 1040),
            PackEntry.put("~id/alice_123", 0, 1041, "\"alice_123\"".getBytes(UTF_8)),
            PackEntry.remove("~id/bob", 0, 1040));
    PackDescription written =
        packs.folder.write(7, 1039, 1042, TestPacks.FILTERED, TestPacks.cursor(entries));
    assertThat(Files.readAllLines(path.resolve("packs/0000000007.jsonl"), UTF_8))
        .containsExactlyElementsOf(example);
    try (Pack pack = packs.folder.open(written)) {
      assertThat(all(pack.scan("", ""))).isEqualTo(entries);
    }
  }

  @Test
  void anIndependentProgramFindsEveryLineGood() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs Python");
    TestPacks packs = new TestPacks(path);
    packs.write(1);
    packs.write(2, TestPacks.put("a/\"\\\u0001\u001fä\uD83D\uDE00", 1, "x"));
    packs.write(3, TestPacks.entriesOfSeveralParts());
    List<PackEntry> many = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      many.add(PackEntry.remove("~key/%05d".formatted(i), 0, 3));
    }
    packs.write(4, many);
    assertThat(run("python3", "-c", CHECK, path.resolve("packs").toString()))
        .containsExactly(
            "0000000001.jsonl 0 0",
            "0000000002.jsonl 1 1",
            "0000000003.jsonl 69 6",
            "0000000004.jsonl 5000 2");
  }

  @Test
  void aPackThatAnotherProgramWroteIsGoodAndRead() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs Python");
    TestPacks packs = new TestPacks(path);
    String file = path.resolve("packs/0000000001.jsonl").toString();
    assertThat(run("python3", "-c", WRITE, file, TestPacks.STORE)).isEmpty();
    PackDescription described = packs.folder.describe(1, _ -> {});
    assertThat(described.entries()).isEqualTo(8502);
    assertThat(described.removals()).isEqualTo(2);
    assertThat(described.to()).isEqualTo(9000);
    assertThat(packs.verify(described, Copy.PACK)).isEmpty();
    try (Pack pack = packs.folder.open(described)) {
      assertThat(all(pack.scan("", ""))).hasSize(8502);
      RunStack stack = new RunStack(List.of(pack));
      for (int i = 0; i < 4000; i += 37) {
        PackEntry entry = stack.get("a/%05d".formatted(i));
        assertThat(new String(entry.value(), UTF_8)).isEqualTo("{\"n\":%d}".formatted(i));
      }
      assertThat(stack.get("~id/04499").hasValue()).isTrue();
      assertThat(stack.get("~id/none")).isNull();
      assertThat(stack.get("a/4")).isNull();
      assertThat(stack.get("left").hasValue()).isFalse();
    }
    PackDescription healed = packs.folder.heal(described, Copy.PACK, 2, _ -> {});
    assertThat(packs.verify(healed, Copy.TWIN)).isEmpty();
  }

  @Test
  void theTwinIsWhatZstdMakesOfThePack() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/zstd")), "needs zstd");
    TestPacks packs = new TestPacks(path);
    packs.write(3, TestPacks.entriesOfSeveralParts());
    Path twin = path.resolve("mirror/0000000003.jsonl.zst");
    assertThat(run("zstd", "-dcq", twin.toString()))
        .containsExactlyElementsOf(Files.readAllLines(path.resolve("packs/0000000003.jsonl")));
  }

  private static List<String> run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return process.inputReader(UTF_8).lines().toList();
  }
}
