package dev.torpor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.Message;
import dev.torpor.store.CheckProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of what is in quarantine, erasure takes what may be a deleted agent's, and nothing else. */
class QuarantineErasureTest {
  private static final Duration NOBODY = Duration.ofDays(10_000);

  @TempDir private Path folder;

  private Path state() {
    return folder.resolve("state");
  }

  private Path quarantined(String name) {
    return state().resolve("quarantine").resolve(name);
  }

  private Torpor open() {
    return Folders.quick(state()).open();
  }

  private static void say(Torpor torpor, String id, String... words) {
    Agent agent = torpor.agent(id, AgentSpec.of("none"));
    for (String word : words) {
      agent.append(Message.user(word));
    }
  }

  private Path put(String name, String content) throws IOException {
    Path file = quarantined(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content, ISO_8859_1);
  }

  /** Copies the folder's only file of a kind into quarantine, with a byte changed behind a text. */
  private Path damaged(String kind, String behind) throws IOException {
    try (Stream<Path> files = Files.list(state().resolve(kind))) {
      Path file = files.sorted().findFirst().orElseThrow();
      String text = Files.readString(file, ISO_8859_1);
      int at = text.indexOf(behind) + behind.length();
      assertThat(at).isGreaterThanOrEqualTo(behind.length());
      String changed =
          text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
      return put(kind + "/" + file.getFileName(), changed);
    }
  }

  private static void deleteAndErase(Torpor torpor, String id) {
    torpor.agent(id).delete();
    torpor.cleanUp(NOBODY);
    assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, ISO_8859_1);
  }

  @Test
  void ofADamagedPackWhatOthersHadStays() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "alice", "zyzzyva");
      say(torpor, "bob", "quokka", "wombat", "numbat");
      torpor.checkpoint();
      Path pack = damaged("packs", "wom");
      long lines = text(pack).lines().count();
      deleteAndErase(torpor, "alice");
      assertThat(text(pack)).contains("quokka", "womcat", "numbat").doesNotContain("zyzzyva");
      assertThat(text(pack)).doesNotContainIgnoringCase("alice");
      assertThat(text(pack).lines().count()).isGreaterThan(lines / 2).isLessThan(lines);
    }
  }

  @Test
  void whatCannotBeReadOfADamagedPackStaysWhereItIsSurelyAnothers() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "alice", "zyzzyva", "syzygy");
      say(torpor, "bob", "quokka", "wombat", "numbat");
      torpor.checkpoint();
      Path pack = damaged("packs", "wombat");
      Path other = put("packs/0000000007.jsonl.2", text(pack).replace("\"content\":\"syz", "#"));
      put("packs/0000000001.jsonl", text(pack).replace("\"content\":\"wom", "#"));
      deleteAndErase(torpor, "alice");
      assertThat(text(pack)).contains("#bat").doesNotContain("zyzzyva");
      assertThat(text(other)).contains("quokka").doesNotContain("ygy").doesNotContain("zyzzyva");
    }
  }

  @Test
  void aLineThatRunsIntoADeletedAgentsGoesWithIt() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "bob", "quokka");
      say(torpor, "carl", "zyzzyva");
      torpor.checkpoint();
      Path pack = damaged("packs", "quok");
      String next = "\n(\\{\"crc\":\"[0-9a-f]{8}\",\"key\":\"carl/message)";
      String joined = text(pack).replaceFirst(next, "*$1");
      assertThat(joined).hasSameSizeAs(text(pack)).isNotEqualTo(text(pack));
      put("packs/" + pack.getFileName(), joined);
      deleteAndErase(torpor, "carl");
      assertThat(text(pack)).contains("bob/message").doesNotContain("zyzzyva");
    }
  }

  @Test
  void ofADamagedSegmentWhatOthersDidStays() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "bob", "quokka");
      say(torpor, "alice", "zyzzyva");
      torpor.agent("alice").mail("bob", "Axolotl", "for bob");
      say(torpor, "bob", "wombat");
      Path segment = damaged("journal", "quok");
      deleteAndErase(torpor, "alice");
      assertThat(text(segment)).contains("quokja", "wombat", "Axolotl").doesNotContain("zyzzyva");
    }
  }

  @Test
  void whatCannotBeReadOfASegmentGoesUnlessItIsNewer() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "alice", "zyzzyva");
      Path old = damaged("journal", "\"content\":\"zyz");
      put("journal/" + old.getFileName(), text(old).replace("\"content\":\"zyz", "#"));
      torpor.agent("alice").delete();
      torpor.checkpoint();
      say(torpor, "bob", "quokka", "wombat");
      torpor.checkpoint();
      try (Stream<Path> segments = Files.list(state().resolve("journal"))) {
        for (Path segment : segments.toList()) {
          put("journal/" + segment.getFileName() + ".2", text(segment).replace("\"content\"", "#"));
        }
      }
      torpor.cleanUp(NOBODY);
      try (Stream<Path> segments = Files.list(quarantined("journal"))) {
        String all = String.join("", segments.map(QuarantineErasureTest::readable).toList());
        assertThat(all).contains("quokka", "wombat").doesNotContain("zyva");
      }
    }
  }

  private static String readable(Path file) {
    try {
      return text(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTwinStaysWhereAllOfItCanBeReadAndNothingIsTheirs() throws Exception {
    Path twin = quarantined("mirror/0000000001.jsonl.zst");
    Path bad = quarantined("mirror/0000000002.jsonl.zst.3");
    try (Torpor torpor = open()) {
      say(torpor, "bob", "quokka");
      torpor.checkpoint();
      Files.createDirectories(twin.getParent());
      try (Stream<Path> twins = Files.list(state().resolve("mirror"))) {
        Files.copy(twins.findFirst().orElseThrow(), twin);
      }
      byte[] bytes = Files.readAllBytes(twin);
      bytes[bytes.length / 2] ^= 1;
      Files.write(bad, bytes);
      say(torpor, "alice", "zyzzyva");
      deleteAndErase(torpor, "alice");
      assertThat(twin).exists();
      assertThat(bad).doesNotExist();
      torpor.agent("bob").delete();
      torpor.cleanUp(NOBODY);
      assertThat(twin).doesNotExist();
    }
  }

  @Test
  void whatIsLeftOfALaterLifeOfADeletedAgentStays() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "alice", "zyzzyva");
      torpor.agent("alice").delete();
      long deletion = torpor.durable();
      String entry =
          "{\"key\":\"alice/message/0000000000\",\"version\":9,\"seq\":%d,\"value\":\"%s\"}\n";
      Path before = put("agents/alice.jsonl", entry.formatted(deletion - 1, "zyzzyva"));
      Path behind = put("agents/alice.jsonl.2", entry.formatted(deletion + 5, "quokka"));
      String commit =
          "{\"seq\":%d,\"changes\":[{\"agent\":\"%s\",\"version\":7,\"type\":\"x\",\"v\":\"%s\"}]}\n";
      Path journal =
          put(
              "agents/alice_journal.jsonl",
              commit.formatted(deletion - 1, "alice", "zyzzyva")
                  + commit.formatted(deletion + 2, "alice", "quokka"));
      Path bobs =
          put(
              "agents/bob_journal.jsonl",
              commit.formatted(deletion - 1, "alice", "zyzzyva")
                  + commit.formatted(deletion - 1, "bob", "wombat"));
      Path bob = put("agents/bob.jsonl", entry.formatted(1, "wombat").replace("alice", "bob"));
      String document =
          "{\"_checksum\":\"00000000\",\n  \"_version\": 4,\n  \"_seq\": %d,\n \"%s\"}";
      Path old = put("sleep/alice_sleep.json", document.formatted(deletion - 1, "zyzzyva"));
      Path later = put("sleep/alice_sleep.json.2", document.formatted(deletion + 1, "quokka"));
      String line =
          "{\"crc\":\"00000000\",\"id\":\"m/1\",\"version\":3,\"seq\":%d,\"value\":\"%s\"}\n";
      Path lines = put("context/alice.jsonl", line.formatted(deletion + 3, "quokka"));
      Path mixed =
          put(
              "mail/alice_history.jsonl",
              line.formatted(deletion + 3, "quokka") + line.formatted(1, "zyzzyva"));
      say(torpor, "alice", "again");
      torpor.cleanUp(NOBODY);
      for (Path gone : List.of(before, old, mixed)) {
        assertThat(gone).doesNotExist();
      }
      for (Path stays : List.of(behind, later, lines)) {
        assertThat(stays).content(ISO_8859_1).contains("quokka");
      }
      assertThat(text(journal)).contains("quokka").doesNotContain("zyzzyva");
      assertThat(text(bobs)).contains("wombat").doesNotContain("zyzzyva");
      assertThat(bob).exists();
    }
  }

  @Test
  void whatASiftingThatWasCutOffHasLeftGoes() throws Exception {
    try (Torpor torpor = open()) {
      say(torpor, "alice", "zyzzyva");
      say(torpor, "bob", "quokka");
      Path agents = put("agents/bob_journal.jsonl.tmp", "alice zyzzyva");
      Path packs = put("packs/0000000001.jsonl.2.tmp", "bob quokka");
      Path ofNobody = put("notes/a.tmp", "kept");
      deleteAndErase(torpor, "alice");
      assertThat(agents).doesNotExist();
      assertThat(packs).doesNotExist();
      assertThat(ofNobody).exists();
    }
  }
}
