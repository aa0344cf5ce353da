package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.state.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds files among the documents of agents that belong to no agent. Reads nothing of them. */
record Strays(Disk disk, Path folder, DocumentSource source) {
  private static final String DELETED = "~deleted";
  private static final String IMPORTS = Keys.IMPORTS.substring(0, Keys.IMPORTS.length() - 1);

  /**
   * A file.
   *
   * @param file its name in the state folder
   * @param agent whose it is by its name; null when it is no name of a document
   * @param wasHere whether there was such an agent, so that the next projection takes it away
   */
  record Stray(String file, @Nullable String agent, boolean wasHere) {
    String what() {
      return agent == null
          ? "it is no file of the store"
          : wasHere
              ? "there is no agent '" + agent + "' any more"
              : "there never was an agent '" + agent + "'";
    }
  }

  List<Stray> find() throws IOException {
    List<Stray> found = new ArrayList<>();
    Set<String> known = new LinkedHashSet<>(); // one agent after the other has several in a folder
    for (String name : folders()) {
      Path files = folder.resolve(name);
      for (Path path : disk.exists(files) ? disk.list(files) : List.<Path>of()) {
        Stray stray = look(name, path.getFileName().toString(), known);
        if (stray != null) {
          found.add(stray);
        }
      }
    }
    return found;
  }

  static Set<String> folders() {
    Set<String> folders = new LinkedHashSet<>();
    for (Part part : Part.values()) {
      folders.add(part.folder());
    }
    return folders;
  }

  private @Nullable Stray look(String folder, String name, Set<String> known) throws IOException {
    String file = folder + "/" + name;
    String agent = Part.agentOf(folder, name);
    if (agent == null) {
      return new Stray(file, null, false);
    }
    if (known.contains(agent) || isHere(agent)) {
      known.add(agent);
      return null;
    }
    boolean wasHere = has(DELETED, Keys.deleted(agent)) || has(IMPORTS, Keys.importing(agent));
    return disk.exists(this.folder.resolve(file)) ? new Stray(file, agent, wasHere) : null;
  }

  boolean isHere(String agent) throws IOException {
    return has(agent, Keys.session(agent));
  }

  private boolean has(String owner, String key) throws IOException {
    try (Snapshot snapshot = source.of(owner)) {
      return snapshot.get(key) != null;
    }
  }
}
