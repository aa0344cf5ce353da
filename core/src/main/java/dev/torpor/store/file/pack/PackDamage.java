package dev.torpor.store.file.pack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A place where a pack or a twin is not what was written.
 *
 * @param file which file
 * @param position where in the file as it is stored, in bytes: the first one that may be wrong; in
 *     a twin, where its frame begins
 * @param fromKey every entry lost has this key or a later one; null if it may be any from the start
 * @param toKey every entry lost has an earlier key; null if it may be any to the end
 * @param what what is wrong there
 */
public record PackDamage(
    Path file, long position, @Nullable String fromKey, @Nullable String toKey, String what) {

  /** Returns all of it in a sentence. */
  @Override
  public String toString() {
    return "%s is damaged at byte %d: %s; entries %s %s"
        .formatted(
            file,
            position,
            what,
            fromKey == null ? "from the first" : "from '" + fromKey + "'",
            toKey == null ? "to the last" : "to before '" + toKey + "'");
  }
}
