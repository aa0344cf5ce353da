package dev.torpor.benchmarks.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.Disk;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.PackFolder;
import dev.torpor.store.file.pack.RunStack;
import dev.torpor.store.file.pack.SortedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How much of the packs of a closed store is live: the lines of the newest of each key. */
final class LiveBytes {

  private LiveBytes() {}

  static double in(Path folder) throws IOException {
    JsonNode manifest = new JsonMapper().readTree(folder.resolve("system/metadata.json").toFile());
    PackFolder packs =
        new PackFolder(
            Disk.real(),
            folder.resolve("packs"),
            folder.resolve("mirror"),
            manifest.path("store").asString());
    List<PackDescription> live = new ArrayList<>();
    for (JsonNode pack : manifest.path("packs")) {
      live.add(packs.describe(pack.path("number").asLong(), _ -> {}));
    }
    live.sort(Comparator.comparingLong(PackDescription::to).reversed());
    List<Pack> open = new ArrayList<>();
    try {
      for (PackDescription description : live) {
        open.add(packs.open(description));
      }
      return sum(new RunStack(List.<SortedRun>copyOf(open)).scanValues("", ""));
    } finally {
      for (Pack pack : open) {
        pack.close();
      }
    }
  }

  private static double sum(EntryCursor entries) throws IOException {
    double bytes = 0;
    for (PackEntry entry = entries.next(); entry != null; entry = entries.next()) {
      String frame =
          "{'crc':'00000000','key':'%s','version':%d,'seq':%d,'value':}\n"
              .formatted(entry.key(), entry.version(), entry.seq());
      bytes += frame.getBytes(UTF_8).length + entry.value().length;
    }
    return bytes;
  }
}
