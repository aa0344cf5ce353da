package dev.torpor.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.Deleted;
import dev.torpor.state.Erased;
import dev.torpor.state.Remembered;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.file.pack.PackEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutdatedTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final JsonStateSerializer serializer = new JsonStateSerializer();
  private final Outdated outdated =
      new Outdated(serializer, NOW, Duration.ofHours(24), 0, 0, Integer.MAX_VALUE);

  private PackEntry entry(String key, long seq, Object value) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    serializer.write(value, json);
    return PackEntry.put(key, 0, seq, json.toByteArray());
  }

  private PackEntry request(String name, long seq, Duration age) throws IOException {
    return entry("~key/put_memory/alice/" + name, seq, new Remembered("d", true, NOW.minus(age)));
  }

  private PackEntry deleted(String agent, long seq) throws IOException {
    return entry(
        "~deleted/" + agent.toLowerCase(java.util.Locale.ROOT), seq, new Deleted(agent, 9, NOW));
  }

  private static List<String> kept(Outdated outdated, PackEntry... entries) {
    List<String> kept = new ArrayList<>();
    for (PackEntry entry : entries) {
      PackEntry rest = outdated.kept(entry);
      if (rest != null) {
        assertThat(rest).isEqualTo(entry);
        kept.add(entry.key());
      }
    }
    return kept;
  }

  @Test
  void anIdempotencyKeyIsKeptAsLongAsItCounts() throws Exception {
    PackEntry expired = request("a", 5, Duration.ofHours(24).plusNanos(1000));
    PackEntry last = request("b", 7, Duration.ofHours(24));
    PackEntry fresh = request("c", 9, Duration.ofHours(1));
    PackEntry older = request("d", 4, Duration.ofHours(30));
    assertThat(kept(outdated, expired, last, fresh, older))
        .containsExactly(last.key(), fresh.key());
  }

  @Test
  void aRequestThatIsStampedInTheFutureSaysNothingOfThoseBehindIt() throws Exception {
    PackEntry ahead = request("a", 5, Duration.ofDays(-400));
    PackEntry expired = request("b", 9, Duration.ofHours(25));
    PackEntry fresh = request("c", 10, Duration.ofHours(23));
    assertThat(kept(outdated, ahead, expired, fresh)).containsExactly(ahead.key(), fresh.key());
  }

  @Test
  void whatADeletedAgentLeftIsDroppedAndWhatCameBehindItIsKept() throws Exception {
    assertThat(
            kept(
                outdated,
                entry("alice/message/0000000000", 3, "Alice"),
                deleted("Alice", 10),
                entry("~mail/m1", 9, "Alice"),
                entry("~mail/m2", 10, "Alice"),
                entry("~mail/m3", 11, "Alice"),
                entry("~mail/m4", 9, "bob"),
                entry("~status/idle/Alice", 9, ""),
                entry("~task/t1", 9, "Alice"),
                entry("~task/t2", 11, "Alice"),
                entry("~tasks/completed/t1", 9, "Alice"),
                entry("~thread/x/m1", 9, "Alice"),
                entry("~undeliverable/m1", 9, "Alice"),
                entry("~wakes/go/Alice", 9, "")))
        .containsExactly(
            "alice/message/0000000000",
            "~deleted/alice",
            "~mail/m3",
            "~mail/m4",
            "~status/idle/Alice",
            "~task/t2",
            "~wakes/go/Alice");
    assertThat(outdated.knownTo()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anAnswerThatWasErasedWithItsAgentIsTakenOutAndTheRestIsKept() throws Exception {
    PackEntry before = request("a", 9, Duration.ZERO);
    PackEntry with = request("b", 10, Duration.ZERO);
    PackEntry other = entry("~key/put_memory/bob/a", 9, new Remembered("d", true, NOW));
    PackEntry later = entry("~key/put_memory/carl/a", 9, new Remembered("d", true, NOW));
    assertThat(kept(outdated, deleted("Alice", 10), deleted("carl", 21))).hasSize(2);
    assertThat(outdated.kept(entry("~erased", 30, new Erased(20, NOW)))).isNotNull();
    PackEntry kept = outdated.kept(before);
    assertThat(kept).isEqualTo(entry(before.key(), 9, new Remembered("d", null, NOW)));
    assertThat(outdated.kept(kept)).isSameAs(kept);
    assertThat(kept(outdated, with, other, later)).hasSize(3);
  }

  @Test
  void ofManyDeletionsTheFirstOnesAreKeptInMindAndItIsSaidWhich() throws Exception {
    Outdated two = new Outdated(serializer, NOW, Duration.ofHours(24), 10, 0, 2);
    assertThat(
            kept(
                two,
                deleted("a", 40),
                deleted("b", 20),
                deleted("c", 30),
                deleted("d", 50),
                deleted("e", 10),
                entry("~mail/a", 1, "a"),
                entry("~mail/b", 1, "b"),
                entry("~mail/c", 1, "c"),
                entry("~mail/d", 1, "d"),
                entry("~mail/e", 1, "e")))
        .containsExactly(
            "~deleted/a",
            "~deleted/b",
            "~deleted/c",
            "~deleted/d",
            "~deleted/e",
            "~mail/a",
            "~mail/d",
            "~mail/e");
    assertThat(two.knownTo()).isEqualTo(39);
  }

  @Test
  void whatCannotBeReadIsKept() {
    PackEntry request = PackEntry.put("~key/a/b/c", 0, 1, "[1]".getBytes(UTF_8));
    assertThat(outdated.kept(request)).isEqualTo(request);
  }
}
