package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a checkpoint cut off, encoded one by one as the pack takes it. Not thread-safe. */
final class CutCursor implements EntryCursor {
  private final Iterator<Entry> entries;
  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private final StateSerializer.ValueWriter writer;

  CutCursor(List<Entry> entries, StateSerializer serializer) {
    this.entries = entries.iterator();
    this.writer = serializer.writer(json);
  }

  @Override
  public @Nullable PackEntry next() throws IOException {
    if (!entries.hasNext()) {
      return null;
    }
    Entry entry = entries.next();
    if (entry.value() == MemoryTable.None.REMOVED) {
      return PackEntry.remove(entry.key(), 0, entry.seq());
    }
    if (entry.value() == MemoryTable.None.PREFIX_REMOVED) {
      return PackEntry.removePrefix(entry.key(), 0, entry.seq());
    }
    json.reset();
    writer.write(entry.value());
    return PackEntry.put(entry.key(), entry.version(), entry.seq(), json.toByteArray());
  }
}
