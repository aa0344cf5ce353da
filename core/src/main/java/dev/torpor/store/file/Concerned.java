package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.file.LossyFold.Lost;
import dev.torpor.store.file.journal.Damage;
import dev.torpor.store.file.pack.PackDamage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whom losses concern, beside those in whose versions a gap shows: whose name and next
 * version can still be read in a bad line, and whose entries lie where a pack is damaged in both
 * copies. Used once.
 */
final class Concerned {
  /** Most bytes of a bad line that are looked at. */
  private static final int LOOKED_AT = 8 << 20;

  /** The beginning of an entry's line in a pack, with a key that was not written with escapes. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\{\"crc\":\"[0-9a-f]{8}\",\"key\":\"([^\"\\\\/]+/[^\"\\\\]*|~[^\"\\\\]+)\",");

  private static final Pattern CHANGE =
      Pattern.compile("\"agent\":\"([A-Za-z0-9._-]{1,128})\",\"version\":(\\d{1,18})\\b");

  private final Disk disk;
  private final Fold fold;
  private final KnownVersions versions;
  private final Map<String, Lost> lost;
  private final Set<String> deleted = new TreeSet<>();

  /**
   * @param fold of all that was folded
   * @param known those that are known already
   */
  Concerned(Disk disk, Fold fold, Map<String, Lost> known) {
    this.disk = disk;
    this.fold = fold;
    this.versions = new KnownVersions(fold);
    this.lost = new LinkedHashMap<>(known);
  }

  Map<String, Lost> by(List<Damage> commits, List<PackDamage> entries) throws IOException {
    for (Damage damage : commits) {
      readNames(damage);
    }
    for (PackDamage damage : entries) {
      between(damage);
    }
    return lost;
  }

  /**
   * Agents that were deleted, of which there is something again since that this was removed is
   * lost. Those that {@link #by} gives lost something since.
   */
  Set<String> deleted() {
    deleted.removeAll(lost.keySet());
    return deleted;
  }

  /** A name counts only with a version that its agent does not have: another byte may be bad. */
  private void readNames(Damage damage) throws IOException {
    Map<String, Long> highest = new LinkedHashMap<>();
    Matcher change = CHANGE.matcher(text(damage));
    while (change.find()) {
      highest.merge(change.group(1), Long.parseLong(change.group(2)), Math::max);
    }
    highest.forEach(
        (agent, version) -> {
          long has = versions.last(agent);
          if (version > has && !lost.containsKey(agent)) {
            String what = Told.of(damage).what();
            lost.put(agent, new Lost(agent, new Range(has + 1, version), version, what));
          }
        });
  }

  /** The bad lines, as far as that is known: as many as commits are lost. */
  private String text(Damage damage) throws IOException {
    String text = text(damage.file(), damage.position());
    long lines = damage.toSeq() - damage.fromSeq() + 1;
    int end = 0;
    for (; end < text.length() && lines > 0; end++) {
      lines -= text.charAt(end) == '\n' ? 1 : 0;
    }
    return text.substring(0, end);
  }

  /** What follows a place in a file, as far as it can be read, each byte as a character. */
  private String text(Path file, long position) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[256 << 10];
    try (ReadFile in = disk.openToRead(file)) {
      for (int n = 1; n > 0 && text.size() < LOOKED_AT; text.write(buffer, 0, Math.max(n, 0))) {
        n = in.read(position + text.size(), buffer, 0, buffer.length);
      }
    } catch (IOException e) {
      // What was read before says what it says; a file that is gone, nothing.
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private void between(PackDamage range) throws IOException {
    Set<String> agents = legible(range);
    for (String agent : agents == null ? everybody(range) : agents) {
      if (versions.isDeleted(agent)) {
        deleted.add(agent);
      } else if (!lost.containsKey(agent)) {
        long has = versions.highest(agent);
        lost.put(agent, new Lost(agent, new Range(1, has), has, range.toString()));
      }
    }
  }

  /**
   * The agents of the lost entries, if every bad line's key can be read and is where it sorts; null
   * if not.
   */
  private @Nullable Set<String> legible(PackDamage range) throws IOException {
    String last = range.fromKey();
    String end = range.toKey();
    if (last == null || end == null) {
      return null;
    }
    Set<String> agents = new TreeSet<>();
    for (String line : text(range.file(), range.position()).split("\n")) {
      Matcher entry = ENTRY.matcher(line);
      if (!entry.lookingAt() || line.indexOf("{\"crc\":\"", 1) > 0) {
        return null;
      }
      String key = entry.group(1);
      if (key.equals(end)) {
        return agents;
      }
      if (Keys.compare(key, last) <= 0 || Keys.compare(key, end) > 0) {
        return null;
      }
      if (!key.startsWith("~")) {
        agents.add(key.substring(0, key.indexOf('/')));
      }
      last = key;
    }
    return null;
  }

  /** Every agent that may have had an entry in a range. */
  private Set<String> everybody(PackDamage range) {
    Set<String> agents = new TreeSet<>(List.of(Session.USER));
    for (Iterator<Entry> ids = fold.scan(Keys.IDS); ids.hasNext(); ) {
      agents.add((String) ids.next().value());
    }
    String from = range.fromKey() == null ? "" : range.fromKey();
    String to = range.toKey() == null ? "~" : range.toKey();
    for (Iterator<Entry> there = fold.scan("", from); there.hasNext(); ) {
      String key = there.next().key();
      if (key.startsWith("~") || Keys.compare(key, to) > 0) {
        break;
      }
      agents.add(key.substring(0, key.indexOf('/')));
    }
    agents.removeIf(
        agent ->
            Keys.compare(Keys.behind(Keys.agent(agent)), from) <= 0
                || Keys.compare(Keys.agent(agent), to) >= 0);
    return agents;
  }
}
