package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Measures a pack of a million sleepers, three lines each: {@code write FOLDER [agents]}; then, in
 * JVMs of their own and with little heap, {@code find} (cold, if the page cache was dropped),
 * {@code read} and {@code merge}. Not a test.
 */
final class PackSpeed {

  private static final Runtime JVM = Runtime.getRuntime();

  private PackSpeed() {}

  public static void main(String[] args) throws IOException {
    Path path = Path.of(args[1]);
    int agents = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
    Files.createDirectories(path.resolve("packs"));
    Files.createDirectories(path.resolve("mirror"));
    PackFolder folder =
        new PackFolder(Disk.real(), path.resolve("packs"), path.resolve("mirror"), "5f1c");
    switch (args[0]) {
      case "write" -> {
        for (int number = 1; number <= 3; number++) { // the first ones warm up
          write(folder, number, agents, 0, 1);
        }
        for (int part = 0; part < 4; part++) {
          write(folder, 11 + part, agents, part, 4);
        }
      }
      case "find" -> find(folder, agents);
      case "read" -> read(folder);
      case "merge" -> merge(folder);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Writes every so many-th entry, so that all of them are neighbours to be merged. */
  private static void write(PackFolder folder, int number, int agents, int first, int step)
      throws IOException {
    int[] next = {first};
    long start = System.nanoTime();
    PackDescription description =
        folder.write(
            number,
            6,
            7,
            List.of("~id/", "~key/"),
            () -> {
              int i = next[0];
              next[0] += step;
              return i < 3 * agents ? entry(i, agents) : null;
            });
    told(description, start);
  }

  private static void merge(PackFolder folder) throws IOException {
    for (int number = 21; number <= 22; number++) {
      List<SortedRun> runs = new ArrayList<>();
      for (int part = 11; part <= 14; part++) {
        runs.add(folder.open(folder.describe(part, done -> {})));
      }
      long start = System.nanoTime();
      EntryCursor merge = new RunStack(runs).scanValues("", "");
      told(folder.write(number, 6, 7, List.of("~id/", "~key/"), merge), start);
    }
  }

  private static void told(PackDescription description, long start) {
    double seconds = seconds(start);
    double megabytes = description.pack().size() / 1e6;
    System.out.printf(
        "written %.0f MB and a twin of %.0f MB in %.2f s, %.0f MB/s%n",
        megabytes, description.twin().size() / 1e6, seconds, megabytes / seconds);
  }

  private static PackEntry entry(int i, int agents) {
    int agent = i % agents;
    String name = "agent-" + (10_000_000 + agent);
    String value =
        switch (i / agents) {
          case 0 ->
              "{\"agent_id\":\""
                  + name
                  + "\",\"status\":\"sleeping\",\"behavior\":\"echo\","
                  + "\"created_at\":\"2026-11-24T12:00:00Z\","
                  + "\"last_activity\":\"2026-11-24T12:00:00Z\",\"error_count\":0}";
          case 1 ->
              "{\"sleep_start\":\"2026-11-24T12:00:00Z\",\"until\":\"2026-11-25T12:00:00Z\","
                  + "\"wake_events\":[\"mail_received\"]}";
          default -> "\"\"";
        };
    String key =
        switch (i / agents) {
          case 0 -> "a/" + name + "/session";
          case 1 -> "b/" + name + "/sleep";
          default -> "~due/2026-11-24T12:00:" + (10_000_000 + agent) + "Z/" + name + "/sleep";
        };
    return PackEntry.put(key, 3, 7, value.getBytes(UTF_8));
  }

  private static void find(PackFolder folder, int agents) throws IOException {
    long size = Files.size(folder.file(1, Copy.PACK));
    long twin = Files.size(folder.file(1, Copy.TWIN));
    PackDescription description =
        new PackDescription(
            1, 6, 7, 3L * agents, 0, new StoredFile(size, ""), new StoredFile(twin, ""));
    System.gc();
    long heap = JVM.totalMemory() - JVM.freeMemory();
    long start = System.nanoTime();
    try (Pack pack = folder.open(description)) {
      double opened = seconds(start);
      System.gc();
      heap = JVM.totalMemory() - JVM.freeMemory() - heap;
      System.out.printf("opened in %.1f ms, %d kB of heap%n", 1e3 * opened, heap / 1000);
      Random random = new Random(1);
      for (int round = 0; round < 4; round++) {
        start = System.nanoTime();
        int found = 0;
        for (int i = 0; i < 1000; i++) {
          found += pack.get(entry(random.nextInt(3 * agents), agents).key()) == null ? 0 : 1;
        }
        System.out.printf("1000 look-ups, %d found, %.0f us each%n", found, 1e3 * seconds(start));
      }
    }
  }

  private static void read(PackFolder folder) throws IOException {
    PackDescription description = folder.describe(1, done -> {});
    for (int round = 0; round < 2; round++) {
      for (Copy copy : Copy.values()) {
        long start = System.nanoTime();
        List<PackDamage> damages = folder.verify(description, copy, done -> {});
        System.out.printf(
            "%s verified in %.2f s, %d damages%n", copy, seconds(start), damages.size());
      }
    }
    try (Pack pack = folder.open(description)) {
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        EntryCursor cursor = pack.scan("", "");
        long count = 0;
        while (cursor.next() != null) {
          count++;
        }
        double seconds = seconds(start);
        System.out.printf(
            "scanned %d in %.2f s, %.0f MB/s%n",
            count, seconds, description.pack().size() / 1e6 / seconds);
      }
    }
    System.out.printf("heap %d MB of %d%n", JVM.totalMemory() >> 20, JVM.maxMemory() >> 20);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
