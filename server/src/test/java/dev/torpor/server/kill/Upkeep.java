package dev.torpor.server.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts between how many kills there were checkpoints, merges, and erasures that came to their
 * end, by the manifests that the killed servers left.
 */
final class Upkeep {
  private static final JsonMapper JSON = new JsonMapper();

  private int checkpoints;
  private int merges;
  private int erasures;

  /** What the last killed server of a folder had left. */
  private long packed;

  private long erased;
  private Set<Long> numbers = new HashSet<>();

  /** Begins with another folder. */
  void begin() {
    packed = 0;
    erased = 0;
    numbers = new HashSet<>();
  }

  /** Looks at what a killed server has left. */
  void look(Path state) throws IOException {
    JsonNode manifest = JSON.readTree(Files.readAllBytes(state.resolve("system/metadata.json")));
    Set<Long> now = new HashSet<>();
    long to = 0;
    boolean isMerged = false;
    for (JsonNode pack : manifest.get("packs")) {
      long number = pack.get("number").asLong();
      now.add(number);
      isMerged |= !numbers.contains(number) && pack.get("from").asLong() < packed;
      to = pack.get("to").asLong();
    }
    boolean isErased = manifest.get("erased").asLong() > erased;
    checkpoints += to > packed ? 1 : 0;
    erasures += isErased ? 1 : 0;
    merges += isMerged && !isErased ? 1 : 0;
    packed = to;
    erased = manifest.get("erased").asLong();
    numbers = now;
  }

  int checkpoints() {
    return checkpoints;
  }

  /** Those of erasures do not count. */
  int merges() {
    return merges;
  }

  int erasures() {
    return erasures;
  }

  @Override
  public String toString() {
    return "%d with checkpoints, %d with merges, %d with erasures"
        .formatted(checkpoints, merges, erasures);
  }
}
