package dev.torpor.store.file;

import dev.torpor.state.AgentCounts;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Indexes;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Computes index entries again where some were lost. Used once. */
record IndexRepair(EntrySource source, KeyNames names) {

  /** What is to be written so that index entries are those that the entries demand. */
  List<EntryWrite> writes() {
    List<EntryWrite> writes = new ArrayList<>();
    AgentCounts counts = AgentCounts.NONE;
    for (Iterator<Entry> all = source.scan(""); all.hasNext(); ) {
      Entry entry = all.next();
      if (entry.value() instanceof Session s && !s.agentId().equals(Session.USER)) {
        counts = counts.plus(s.status(), 1);
      }
      if (Indexes.isLine(entry.key())) {
        if (!follows(new Indexes.Line(entry.key(), (String) entry.value()))) {
          writes.add(new EntryWrite.Remove(entry.key()));
        }
      }
    }
    for (Iterator<Entry> all = source.scan(""); all.hasNext(); ) {
      Entry entry = all.next();
      if (!Indexes.isLine(entry.key())) {
        for (Indexes.Line line : Indexes.of(entry.key(), entry.value(), names)) {
          Entry there = source.get(line.key());
          if (there == null || !there.value().equals(line.value())) {
            writes.add(new EntryWrite.Put(line.key(), entry.version(), line.value()));
          }
        }
      }
    }
    writes.add(new EntryWrite.Put(Keys.AGENT_COUNTS, 0, counts));
    return writes;
  }

  /** Whether an index entry is right, or leads to a damaged agent, which is to be found. */
  private boolean follows(Indexes.Line line) {
    for (String key : Indexes.sources(line)) {
      Entry entry = source.get(key);
      if (entry != null && Indexes.of(key, entry.value(), names).contains(line)) {
        return true;
      }
    }
    boolean isById = line.key().startsWith(Keys.TASKS) || line.key().startsWith(Keys.MAIL);
    return isById && source.get(Keys.loss(Indexes.agentOf(line))) != null;
  }
}
