package dev.torpor.store.file.pack;

import java.util.List;

/**
 * What could be saved of a pair both of whose files are damaged.
 *
 * @param description the new pair
 * @param lost the ranges of keys in which entries may be missing from it, each named by the first
 *     file's damage; empty if all of the entries were saved
 */
public record Salvage(PackDescription description, List<PackDamage> lost) {

  /** Copies the list. */
  public Salvage {
    lost = List.copyOf(lost);
  }
}
