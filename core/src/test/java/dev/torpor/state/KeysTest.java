package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void freeTextBecomesANameWithNothingThatAKeyOrAFileMeans() {
    assertThat(KeyNames.PERCENT_ENCODED.name("plain.Text_1-2")).isEqualTo("plain.Text_1-2");
    assertThat(KeyNames.PERCENT_ENCODED.name("a/b")).isEqualTo("a%2fb");
    assertThat(KeyNames.PERCENT_ENCODED.name("~%ü\0")).isEqualTo("%7e%25%c3%bc%00");
    assertThat(KeyNames.PERCENT_ENCODED.name("")).isEmpty();
  }

  @Property(tries = 100)
  void anotherTextHasAnotherName(@ForAll String a, @ForAll String b) {
    String name = KeyNames.PERCENT_ENCODED.name(a);
    assertThat(name).matches("[A-Za-z0-9._%-]*");
    assertThat(name.equals(KeyNames.PERCENT_ENCODED.name(b))).isEqualTo(a.equals(b));
  }

  @Test
  void halfOfACharacterHasANameOfItsOwn() {
    List<String> texts = List.of("?", "\ud800", "\udc00", "\udc00\ud800", "\ud800\udc00", "\ufffd");
    assertThat(texts.stream().map(KeyNames.PERCENT_ENCODED::name))
        .containsExactly(
            "%3f", "%ed%a0%80", "%ed%b0%80", "%ed%b0%80%ed%a0%80", "%f0%90%80%80", "%ef%bf%bd");
  }

  @Property(tries = 100)
  void numbersInKeysSortAsWhatTheyMean(
      @ForAll @LongRange(min = 0) long a, @ForAll @LongRange(min = 0) long b) {
    assertThat(Integer.signum(Keys.broadcast(a).compareTo(Keys.broadcast(b))))
        .isEqualTo(Long.compare(a, b));
  }

  @Property(tries = 100)
  void timesInKeysSortAsWhatTheyMeanAndAreReadBack(
      @ForAll @LongRange(min = 0, max = 250_000_000_000_000_000L) long a,
      @ForAll @LongRange(min = 0, max = 250_000_000_000_000_000L) long b) {
    Instant first = Instant.EPOCH.plusNanos(a % 1_000_000 * 1000).plusSeconds(a / 1_000_000);
    Instant second = Instant.EPOCH.plusNanos(b % 1_000_000 * 1000).plusSeconds(b / 1_000_000);
    assertThat(Integer.signum(Keys.dueAt(first).compareTo(Keys.dueAt(second))))
        .isEqualTo(Integer.signum(first.compareTo(second)));
    String key = Keys.due(first, "alice", Keys.DUE_TASK, "t");
    assertThat(Keys.dueTime(key)).isEqualTo(first);
    assertThat(key.compareTo(Keys.dueAt(first))).isPositive();
  }

  @Test
  void whatIsUniqueRegardlessOfCaseHasOneKey() {
    assertThat(Keys.id("Alice")).isEqualTo(Keys.id("aLICE"));
    assertThat(Keys.deleted("Alice")).isEqualTo(Keys.deleted("alice"));
    assertThat(Keys.remembered("m", "Alice", "k")).isEqualTo(Keys.remembered("m", "alice", "k"));
    assertThat(Keys.session("Alice")).isNotEqualTo(Keys.session("alice"));
  }

  @Test
  void anUrgentTaskSortsBeforeAnOlderOne() {
    Instant at = Instant.EPOCH;
    Task old = Task.pending("t1", "a", TaskSpec.of("p"), at, 5);
    Task younger = Task.pending("t0", "a", TaskSpec.of("p"), at, 10);
    Task urgent = Task.pending("t2", "a", TaskSpec.of("p").priority(Priority.URGENT), at, 11);
    assertThat(List.of(Keys.queued(urgent), Keys.queued(old), Keys.queued(younger))).isSorted();
    assertThat(Keys.last(Keys.queued(urgent))).isEqualTo("t2");
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    assertThat(EntrySource.EMPTY.get("k")).isNull();
    assertThat(EntrySource.EMPTY.scan("")).isExhausted();
    assertThat(AgentSnapshot.of("a", EntrySource.EMPTY)).isNull();
    assertThat(new Fold(EntrySource.EMPTY, KeyNames.PERCENT_ENCODED).agent("a")).isNull();
  }
}
