package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class MemoryTableTest {

  private final MemoryTable table = new MemoryTable();

  private void put(String... keys) {
    for (String key : keys) {
      table.apply(List.of(new EntryWrite.Put(key, 1, "v")), 1);
    }
  }

  private List<String> keys(Iterator<Entry> entries) {
    List<String> keys = new ArrayList<>();
    entries.forEachRemaining(entry -> keys.add(entry.key()));
    return keys;
  }

  @Test
  void aPutReplacesAndARemovalOfNothingIsNothing() {
    put("a");
    table.apply(
        List.of(new EntryWrite.Put("a", 2, "w"), new EntryWrite.Remove("never was there")), 7);
    assertThat(table.get("a")).isEqualTo(new Entry("a", 2, 7, "w"));
    assertThat(table.get("b")).isNull();
    table.apply(List.of(new EntryWrite.Remove("a")), 8);
    assertThat(table.size()).isZero();
  }

  @Test
  void aPrefixRemovalTakesThePrefixItselfAndNoNeighbour() {
    put("a", "al", "ali", "ali/", "ali/0", "ali/~", "ali/\u00ff", "ali0", "alj", "b");
    table.apply(List.of(new EntryWrite.RemovePrefix("ali/")), 2);
    assertThat(keys(table.scan(""))).containsExactly("a", "al", "ali", "ali0", "alj", "b");
    table.apply(List.of(new EntryWrite.RemovePrefix("ali")), 3);
    assertThat(keys(table.scan(""))).containsExactly("a", "al", "alj", "b");
    table.apply(List.of(new EntryWrite.RemovePrefix("nothing")), 4);
    assertThat(table.size()).isEqualTo(4);
  }

  @Test
  void whatIsPutBehindAPrefixRemovalInOneCommitStays() {
    put("ali/1", "ali/2");
    table.apply(
        List.of(new EntryWrite.RemovePrefix("ali/"), new EntryWrite.Put("ali/2", 1, "new")), 2);
    assertThat(keys(table.scan("ali/"))).containsExactly("ali/2");
  }

  @Test
  void aScanKeepsToItsPrefixFromWhereverItBegins() {
    put("a/1", "b/1", "b/2", "b/3", "c/1");
    assertThat(keys(table.scan("b/"))).containsExactly("b/1", "b/2", "b/3");
    assertThat(keys(table.scan("b/", "b/2"))).containsExactly("b/2", "b/3");
    assertThat(keys(table.scan("b/", "b/4"))).isEmpty();
    assertThat(keys(table.scan("b/", "a"))).containsExactly("b/1", "b/2", "b/3");
    assertThat(keys(table.scan("bb"))).isEmpty();
    assertThat(keys(table.scan("z"))).isEmpty();
  }

  @Test
  void behindItsEndAScanHasNothing() {
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> table.scan("").next());
  }
}
