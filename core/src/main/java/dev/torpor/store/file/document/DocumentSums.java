package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.store.file.document.Comparison.Fault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an agent's documents are those that were written last, by their checksums: that costs
 * reading them, and one look at the entries.
 */
record DocumentSums(AgentFiles files, DocumentSource source) {
  /**
   * What is found.
   *
   * @param faults what is not as it was written
   * @param isBehind whether there is a later version than they show, or they show none
   * @param isAhead whether they show a later one than there is: the state lost something
   */
  record Sums(List<Fault> faults, boolean isBehind, boolean isAhead) {
    static final Sums GOOD = new Sums(List.of(), false, false);
  }

  /**
   * Checks them. Who projects meanwhile can make it find what is not so.
   *
   * @param read told how many bytes are read, each time some more
   */
  Sums of(String agent, LongConsumer read) throws IOException {
    Entry session = session(agent);
    if (session == null || Comparing.isDamaged(session)) {
      return Sums.GOOD; // of nobody, or kept as it is
    }
    AgentSet set;
    try {
      set = files.set(agent);
    } catch (NoSuchFileException e) {
      return new Sums(List.of(), true, false);
    } catch (DamagedDocumentException e) {
      return new Sums(List.of(Fault.of(e)), false, false);
    }
    List<Fault> faults = new ArrayList<>();
    for (Part part : Part.values()) {
      Written written = set.part(part);
      Fault fault = part == Part.SESSION ? null : fault(part, agent, written);
      if (fault != null) {
        faults.add(fault);
      }
      read.accept(written == null ? 0 : written.bytes());
    }
    return new Sums(faults, set.seq() < session.seq(), set.seq() > session.seq());
  }

  private @Nullable Entry session(String agent) throws IOException {
    try (Snapshot snapshot = source.of(agent)) {
      return snapshot.get(Keys.session(agent));
    }
  }

  private @Nullable Fault fault(Part part, String agent, @Nullable Written written)
      throws IOException {
    try {
      if (written != null) {
        files.check(part, agent, written);
      } else if (files.exists(part, agent)) {
        return new Fault(part.file(agent), "the agent's own document does not name it");
      }
      return null;
    } catch (DamagedDocumentException e) {
      return Fault.of(e);
    } catch (AgentFiles.OtherDocumentException e) {
      return new Fault(part.file(agent), "it was written another time than the others");
    }
  }
}
