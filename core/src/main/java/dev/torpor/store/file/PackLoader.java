package dev.torpor.store.file;

import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the live packs into memory, the oldest first. A damaged one is made anew from its twin,
 * under a new number; its manifest and what becomes of its files are the caller's.
 */
final class PackLoader {
  private final PackFolder folder;
  private final StateSerializer serializer;
  private final MemoryTable table;
  private final List<PackDescription> live = new ArrayList<>();
  private final List<PackDescription> replaced = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private long nextNumber;

  /**
   * @param nextNumber for packs that have to be made; no file has it or a higher one
   */
  PackLoader(PackFolder folder, StateSerializer serializer, MemoryTable table, long nextNumber) {
    this.folder = folder;
    this.serializer = serializer;
    this.table = table;
    this.nextNumber = nextNumber;
  }

  /**
   * Reads a pack over what was read before. Of its twin, it is only looked at whether it is there,
   * as long as it was made; a pack that is good counts even if its twin cannot be made anew.
   *
   * @throws PackDamagedException when it and its twin are damaged
   * @throws IllegalArgumentException when a value is none that this code knows
   */
  void load(PackDescription pack) throws IOException {
    try {
      read(pack);
    } catch (PackDamagedException e) {
      PackDescription healed = folder.heal(pack, Copy.TWIN, nextNumber++, _ -> {});
      read(healed); // again from its beginning, which changes nothing that was read already
      tell(pack, Copy.PACK, e.getMessage() + "", true);
      replace(pack, healed);
      return;
    }
    if (folder.hasTwin(pack)) {
      live.add(pack);
    } else {
      healTwin(pack);
    }
  }

  private void healTwin(PackDescription pack) {
    String what = "it is missing, or not as long as it was made";
    try {
      replace(pack, folder.heal(pack, Copy.PACK, nextNumber++, _ -> {}));
      tell(pack, Copy.TWIN, what, true);
    } catch (IOException e) {
      live.add(pack);
      tell(pack, Copy.TWIN, what + ", and cannot be made anew: " + e.getMessage(), false);
    }
  }

  private void replace(PackDescription damaged, PackDescription healed) {
    replaced.add(damaged);
    live.add(healed);
  }

  private void tell(PackDescription pack, Copy copy, String what, boolean healed) {
    Path file = folder.file(pack.number(), copy);
    String name = (copy == Copy.PACK ? "packs/" : "mirror/") + file.getFileName();
    damages.add(new Damage(name, null, what, healed));
  }

  private void read(PackDescription description) throws IOException {
    try (Pack pack = folder.open(description)) {
      EntryCursor entries = pack.scan("", "");
      for (PackEntry entry = entries.next(); entry != null; entry = entries.next()) {
        apply(entry);
      }
    }
  }

  private void apply(PackEntry entry) {
    String key = entry.key();
    if (entry.removesPrefix()) {
      table.apply(List.of(new EntryWrite.RemovePrefix(key)), entry.seq());
    }
    if (entry.hasValue()) {
      byte[] value = entry.value();
      Object read = serializer.read(Keys.valueType(key), value, 0, value.length);
      table.apply(List.of(new EntryWrite.Put(key, entry.version(), read)), entry.seq());
    } else if (!entry.removesPrefix()) {
      table.apply(List.of(new EntryWrite.Remove(key)), entry.seq());
    }
  }

  /** The packs that count now. */
  List<PackDescription> live() {
    return live;
  }

  /** Those that were damaged. */
  List<PackDescription> replaced() {
    return replaced;
  }

  List<Damage> damages() {
    return damages;
  }

  long nextNumber() {
    return nextNumber;
  }
}
