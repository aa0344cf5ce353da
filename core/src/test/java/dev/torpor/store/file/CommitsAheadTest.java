package dev.torpor.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.state.Change;
import dev.torpor.store.JsonStateSerializer;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitsAheadTest {
  private final JsonStateSerializer serializer = new JsonStateSerializer();
  private final List<Long> applied = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private int failures;

  private final CommitsAhead commits =
      new CommitsAhead(
          new CommitLines(serializer),
          (stamp, read, failure) -> {
            applied.add(stamp.seq());
            changes.addAll(read);
            failures += failure == null ? 0 : 1;
          });

  private void add(long seq, String reason) {
    ByteArrayOutputStream change = new ByteArrayOutputStream();
    serializer.write(new Change.TaskCancelled("alice", seq, "task", reason), change);
    byte[] line = ("x{\"changes\":[" + change.toString(UTF_8) + "]}y").getBytes(UTF_8);
    commits.add(seq, Instant.EPOCH, line, 1, line.length - 2);
  }

  @Test
  void commitsBecomeTrueInTheirOrderHoweverManyAndWhoeverParsesThem() {
    for (long seq = 1; seq <= 20_000; seq++) {
      add(seq, "");
    }
    assertThat(applied.size())
        .as("not more wait than fit into a few batches")
        .isGreaterThan(14_000);
    commits.finish();
    commits.close();
    assertThat(applied).hasSize(20_000).isSorted();
    assertThat(changes).extracting(change -> ((Change.OfAgent) change).version()).isSorted();
    assertThat(failures).isZero();
  }

  @Test
  void longLinesDoNotWaitForMany() {
    for (long seq = 1; seq <= 30; seq++) {
      add(seq, "r".repeat(1 << 20));
    }
    assertThat(applied).hasSizeGreaterThanOrEqualTo(20);
    commits.finish();
    commits.close();
    assertThat(applied).hasSize(30).isSorted();
  }

  @Test
  void whatCannotBeReadIsToldInItsPlace() {
    add(1, "");
    byte[] bad = "{\"changes\":[{\"type\":\"unheard of\"}]}".getBytes(UTF_8);
    commits.add(2, Instant.EPOCH, bad, 0, bad.length);
    add(3, "");
    commits.finish();
    assertThat(applied).containsExactly(1L, 2L, 3L);
    assertThat(failures).isEqualTo(1);
  }

  @Test
  void anInterruptIsKeptForLater() {
    Thread.currentThread().interrupt();
    for (long seq = 1; seq <= 6000; seq++) {
      add(seq, "");
    }
    commits.finish();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(applied).hasSize(6000);
  }

  @Test
  void whoCannotMakeOneTrueIsHeard() {
    try (CommitsAhead refusing =
        new CommitsAhead(
            new CommitLines(serializer),
            (_, _, _) -> {
              throw new IllegalArgumentException("no");
            })) {
      refusing.add(1, Instant.EPOCH, "{}".getBytes(UTF_8), 0, 2);
      assertThatThrownBy(refusing::finish).hasMessage("no");
    }
  }
}
