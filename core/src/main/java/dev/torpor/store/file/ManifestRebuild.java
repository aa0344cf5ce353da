package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StoreException;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.journal.FoundSegment;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a manifest must have said, where both are lost: which packs and segments there
 * are. Of packs of which all is good the oldest counts, of those that begin there the one that
 * reaches farthest, of equal ones the one with the higher number; then what follows it. Where
 * nothing follows, the commits in between are lost, as {@link Manifest#gaps()} says from then on.
 *
 * @param folder the state folder
 */
record ManifestRebuild(Disk disk, Path folder) {
  /**
   * What it must have said.
   *
   * @param damages packs of which no copy is good
   * @param from where the store's id is from
   * @param superfluous numbers of packs that do not count
   */
  record Plan(Manifest manifest, List<Damage> damages, String from, List<Long> superfluous) {
    /** What is told of the manifest. */
    Damage told(boolean healed) {
      String what =
          "it and its backup are lost; %d packs and %d segments were found, and the store's id %s"
              .formatted(manifest.packs().size(), manifest.segments().size(), from);
      return new Damage("system/metadata.json", null, what, healed);
    }
  }

  private Path system() {
    return folder.resolve("system");
  }

  /** Writes both anew if both are lost; gives what is told of that, the manifest first. */
  List<Damage> run(boolean holdsState) throws IOException {
    Plan plan = plan(holdsState);
    if (plan == null) {
      return List.of();
    }
    Quarantine quarantine = new Quarantine(disk, folder);
    for (long number : plan.superfluous()) {
      quarantine.take(packs(plan.manifest().store()), number);
    }
    Manifests.rewrite(disk, system(), plan.manifest(), quarantine);
    List<Damage> told = new ArrayList<>(List.of(plan.told(true)));
    told.addAll(plan.damages());
    return told;
  }

  /**
   * Finds it out, and changes nothing; null where a manifest is good, or none was needed yet.
   *
   * @throws StoreException {@code DAMAGED} when there is nothing good to go by, or things of
   *     several stores
   */
  @Nullable Plan plan(boolean holdsState) throws IOException {
    try {
      var _ = Manifests.read(disk, system(), holdsState);
      return null;
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.DAMAGED) {
        throw e;
      }
      Plan plan = plan();
      if (plan == null) {
        throw e;
      }
      return plan;
    }
  }

  /** Whether both are lost, or there is no store, and nothing is left to make them of. */
  boolean isHopeless(boolean holdsState) throws IOException {
    try {
      return Manifests.read(disk, system(), holdsState).isNew();
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.DAMAGED) {
        throw e;
      }
    }
    try {
      return plan() == null;
    } catch (StoreException e) {
      return false; // there are things of several stores
    }
  }

  private @Nullable Plan plan() throws IOException {
    List<FoundSegment> segments = FoundSegment.in(disk, folder.resolve("journal"));
    SequencedSet<Long> numbers = packNumbers();
    String store = null;
    String from = "is theirs";
    for (String id : ids(segments, numbers)) {
      if (store != null && !store.equals(id)) {
        throw new StoreException(
            StoreException.Reason.DAMAGED,
            "%s and its backup are lost, and there are packs or segments of several stores, %s and"
                    .formatted(system().resolve("metadata.json"), store)
                + " %s; take those away that do not belong there".formatted(id));
      }
      store = id;
    }
    if (store == null) {
      store = Documents.storeOf(disk, folder);
      from = "is that of its documents";
    }
    if (store == null) {
      store = UUID.randomUUID().toString();
      from = "is a new one";
    }
    List<Damage> damages = new ArrayList<>();
    List<PackDescription> live = choose(described(store, numbers, damages));
    boolean anyLine = segments.stream().anyMatch(segment -> !segment.isBlank());
    if (live.isEmpty() && !anyLine) {
      return null;
    }
    live.forEach(pack -> numbers.remove(pack.number()));
    List<Segment> found = segments.stream().map(FoundSegment::segment).toList();
    Manifest manifest = Manifest.first(store).with(found, live);
    long generation = Manifests.generationSaid(disk, system()) + 1;
    return new Plan(manifest.at(generation), damages, from, List.copyOf(numbers));
  }

  private SequencedSet<Long> packNumbers() throws IOException {
    SequencedSet<Long> numbers = new TreeSet<>();
    for (String name : List.of("packs", "mirror")) {
      Path files = folder.resolve(name);
      for (Path file : disk.exists(files) ? disk.list(files) : List.<Path>of()) {
        PackFolder.numberOf(file).ifPresent(numbers::add);
      }
    }
    return numbers;
  }

  private List<String> ids(List<FoundSegment> segments, SequencedSet<Long> numbers)
      throws IOException {
    List<String> ids = new ArrayList<>();
    for (long number : numbers) {
      ids.add(PackFolder.store(disk, folder.resolve("packs"), folder.resolve("mirror"), number));
    }
    return Stream.concat(ids.stream(), segments.stream().map(FoundSegment::store))
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  private PackFolder packs(String store) {
    return new PackFolder(disk, folder.resolve("packs"), folder.resolve("mirror"), store);
  }

  /** Those of which a copy is good. */
  private List<PackDescription> described(
      String store, SequencedSet<Long> numbers, List<Damage> damages) throws IOException {
    PackFolder packs = packs(store);
    List<PackDescription> good = new ArrayList<>();
    for (long number : numbers) {
      try {
        good.add(packs.describe(number, _ -> {}));
      } catch (PackDamagedException e) {
        Path file = packs.file(number, Copy.PACK);
        if (disk.exists(file) || disk.exists(packs.file(number, Copy.TWIN))) {
          String what = "neither it nor its twin is whole; what it had is not known";
          damages.add(new Damage(Told.name(file), null, what, false));
        }
      }
    }
    return good;
  }

  private static List<PackDescription> choose(List<PackDescription> good) {
    List<PackDescription> live = new ArrayList<>();
    long end = 0;
    while (true) {
      long reached = end;
      List<PackDescription> behind = good.stream().filter(pack -> pack.from() >= reached).toList();
      PackDescription next =
          behind.stream()
              .min(
                  Comparator.comparingLong(PackDescription::from)
                      .thenComparing(Comparator.comparingLong(PackDescription::to).reversed())
                      .thenComparing(Comparator.comparingLong(PackDescription::number).reversed()))
              .orElse(null);
      if (next == null) {
        return live;
      }
      live.add(next);
      end = next.to();
    }
  }
}
