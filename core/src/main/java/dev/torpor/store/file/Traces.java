package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.pack.LooseLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of deleted agents beside journal and packs: in quarantine, and in documents that
 * nobody keeps any more. What is in quarantine may be somebody's only copy, so of it goes what may
 * hold anything of theirs, and nothing else; the log says what and why.
 *
 * @param folder the state folder
 * @param goesOn throws when the store is closed
 */
record Traces(Disk disk, Path folder, Runnable goesOn) {
  private static final Logger log = LoggerFactory.getLogger(Traces.class);

  /** Folders in quarantine with files of lines that may be of any agent. */
  private static final Set<String> OF_LINES = Set.of("packs", "mirror", "journal");

  /** Files in quarantine that hold nothing of any agent. */
  private static final String OF_NONE = "system";

  /** How what a sifting that was cut off has left ends; all of it is in the file itself, too. */
  private static final String UNFINISHED = ".tmp";

  private static final String JOURNAL = "_journal.jsonl";
  private static final Pattern SEQ = Pattern.compile("\"_?seq\": ?(\\d{1,18})\\b");

  /** So many deletions are looked for at once. */
  private static final int DELETIONS = 50_000;

  /**
   * Removes them.
   *
   * @param deleted says of agents that they were deleted
   * @param keepsDocuments whether somebody keeps documents, and so has removed theirs
   */
  void remove(Iterator<Entry> deleted, boolean keepsDocuments) throws IOException {
    boolean hasDocuments = !keepsDocuments && disk.exists(folder.resolve("agents"));
    if (hasDocuments) {
      disk.delete(folder.resolve("system/requests.jsonl"));
    }
    while (deleted.hasNext()) {
      Map<String, Long> some = new HashMap<>();
      while (deleted.hasNext() && some.size() < DELETIONS) {
        Entry entry = deleted.next();
        String agent = ((Deleted) entry.value()).agentId();
        some.put(agent.toLowerCase(Locale.ROOT), entry.seq());
        for (String name : hasDocuments ? Documents.files(agent) : List.<String>of()) {
          disk.delete(folder.resolve(name));
        }
      }
      removeFromQuarantine(some);
    }
  }

  private void removeFromQuarantine(Map<String, Long> deleted) throws IOException {
    Path quarantine = folder.resolve("quarantine");
    for (Path kind : disk.exists(quarantine) ? disk.list(quarantine) : List.<Path>of()) {
      String name = kind.getFileName().toString();
      boolean isSifted = OF_LINES.contains(name) || name.equals("agents");
      for (Path file : name.equals(OF_NONE) ? List.<Path>of() : filesIn(kind)) {
        if (isSifted && file.toString().endsWith(UNFINISHED)) {
          disk.delete(file);
          continue;
        }
        String before = Quarantine.nameBefore(file);
        if (OF_LINES.contains(name)) {
          sift(file, before.endsWith(".zst"), null, true, deleted);
        } else if (name.equals("agents") && before.endsWith(".jsonl")) {
          sift(file, false, ownerOf(before), false, deleted);
        } else {
          String agent = Documents.agentOf(name, before);
          Long gone = agent == null ? null : deleted.get(agent.toLowerCase(Locale.ROOT));
          if (gone != null && firstSeq(file) <= gone) {
            disk.delete(file);
            tell(file, "removed", "it is a document of agent '" + agent + "', which was deleted");
          }
        }
      }
    }
  }

  /** What somebody put beside the folders is his. */
  private List<Path> filesIn(Path kind) throws IOException {
    try {
      return disk.list(kind);
    } catch (NotDirectoryException e) {
      return List.of();
    }
  }

  /** Whose entries a file has; null where it has commits, which may be of several. */
  private static @Nullable String ownerOf(String name) {
    return name.endsWith(JOURNAL) ? null : name.substring(0, name.length() - ".jsonl".length());
  }

  /** Takes lines out of a file; a compressed one is kept or removed as a whole. */
  private void sift(
      Path file,
      boolean isTwin,
      @Nullable String owner,
      boolean isChecked,
      Map<String, Long> deleted)
      throws IOException {
    Sifting sifting = sifted(file, isTwin, new Sifting(deleted, owner, isChecked, null, goesOn));
    if (sifting.removed() == 0) {
      return;
    }
    if (isTwin || sifting.kept() == 0) {
      disk.delete(file);
    } else {
      Path rest = file.resolveSibling(file.getFileName() + UNFINISHED);
      try (WriteFile out = disk.create(rest)) {
        var _ = sifted(file, false, new Sifting(deleted, owner, isChecked, out, goesOn));
        out.force();
      }
      disk.rename(rest, file);
      disk.forceFolder(Quarantine.parent(rest));
    }
    tell(
        file,
        "removed %d of %d lines of"
            .formatted(
                isTwin ? sifting.removed() + sifting.kept() : sifting.removed(),
                sifting.removed() + sifting.kept()),
        sifting.agents().isEmpty()
            ? "they cannot be read, and may hold what deleted agents had"
            : "they hold what was deleted with %s, or cannot be read".formatted(sifting.agents()));
    if (sifting.unreadable() != null) {
      tell(file, "removed the end of", "it cannot be read: " + sifting.unreadable());
    }
  }

  private Sifting sifted(Path file, boolean isTwin, Sifting sifting) throws IOException {
    LooseLines.read(disk, file, isTwin, sifting);
    sifting.end();
    return sifting;
  }

  /** The lowest sequence number that lines of a document say, or its first; 0 if there is none. */
  private long firstSeq(Path file) throws IOException {
    long[] lowest = {Long.MAX_VALUE};
    boolean isWhole = Quarantine.nameBefore(file).endsWith(".json");
    LooseLines.read(
        disk,
        file,
        false,
        new LooseLines.Visitor() {
          @Override
          public void line(byte[] bytes, int offset, int length) {
            Matcher seq =
                SEQ.matcher(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
            if (seq.find() && !(isWhole && lowest[0] < Long.MAX_VALUE)) {
              lowest[0] = Math.min(lowest[0], Long.parseLong(seq.group(1)));
            }
          }

          @Override
          public void gap() {
            lowest[0] = 0;
          }

          @Override
          public void unreadable(String why) {
            lowest[0] = 0;
          }
        });
    return lowest[0] == Long.MAX_VALUE ? 0 : lowest[0];
  }

  private void tell(Path file, String done, String why) {
    log.warn("{} {}: {}", done, folder.relativize(file), why);
  }
}
