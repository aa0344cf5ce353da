package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.file.document.Documents;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of deleted agents beside journal and packs: in quarantine, and in documents that
 * nobody keeps any more. A damaged pack or segment cannot be written anew without them, so it goes
 * as a whole, and the log says so.
 *
 * @param folder the state folder
 */
record Traces(Disk disk, Path folder) {
  private static final Logger log = LoggerFactory.getLogger(Traces.class);

  /** Files in quarantine that may hold anything of any agent. */
  private static final Set<String> OF_ALL = Set.of("packs", "mirror", "journal");

  /** Files in quarantine that hold nothing of any agent. */
  private static final String OF_NONE = "system";

  /**
   * Removes them.
   *
   * @param deleted the agents
   * @param keepsDocuments whether somebody keeps documents, and so has removed theirs
   */
  void remove(Iterator<String> deleted, boolean keepsDocuments) throws IOException {
    Map<String, List<Path>> quarantined = quarantined();
    boolean hasDocuments = !keepsDocuments && disk.exists(folder.resolve("agents"));
    if (hasDocuments) {
      disk.delete(folder.resolve("system/requests.jsonl"));
    }
    while ((hasDocuments || !quarantined.isEmpty()) && deleted.hasNext()) {
      String agent = deleted.next();
      List<String> names = new ArrayList<>(Documents.files(agent));
      if (hasDocuments) {
        for (String name : names) {
          disk.delete(folder.resolve(name));
        }
      }
      names.addAll(Remains.files(agent));
      for (String name : names) {
        List<Path> files = quarantined.remove(name);
        for (Path file : files == null ? List.<Path>of() : files) {
          remove(file, "agent '" + agent + "' was deleted");
        }
      }
    }
  }

  /** The files in quarantine that are some agent's alone, by the name that they had. */
  private Map<String, List<Path>> quarantined() throws IOException {
    Map<String, List<Path>> files = new HashMap<>();
    Path quarantine = folder.resolve("quarantine");
    for (Path kind : disk.exists(quarantine) ? disk.list(quarantine) : List.<Path>of()) {
      String name = kind.getFileName().toString();
      for (Path file : name.equals(OF_NONE) ? List.<Path>of() : filesIn(kind)) {
        if (OF_ALL.contains(name)) {
          remove(file, "it may hold what a deleted agent had");
        } else {
          String before = Quarantine.nameBefore(file);
          files.computeIfAbsent(name + "/" + before, _ -> new ArrayList<>()).add(file);
        }
      }
    }
    return files;
  }

  /** What somebody put beside the folders is his. */
  private List<Path> filesIn(Path kind) throws IOException {
    try {
      return disk.list(kind);
    } catch (NotDirectoryException e) {
      return List.of();
    }
  }

  private void remove(Path file, String why) throws IOException {
    disk.delete(file);
    log.warn("removed {}: {}", folder.relativize(file), why);
  }
}
