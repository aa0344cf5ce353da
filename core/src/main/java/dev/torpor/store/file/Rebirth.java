package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Stamp;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.StateMetadata;
import dev.torpor.store.file.LossyFold.Lost;
import dev.torpor.store.file.document.DocumentReader;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.document.StoreReader;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import dev.torpor.store.file.pack.RunStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Makes a store where nothing but documents is left of one: neither manifests nor anything that
 * they could be made of. In it, every agent that has documents is damaged, with all its versions
 * lost; whoever wants brings it back from them. Who was deleted, events and answers under
 * idempotency keys are there at once.
 *
 * <p>What was there goes to quarantine. A crash leaves a folder that no start takes, and of which
 * this makes the same again; or, once its pack is whole, that of which a manifest can be made.
 */
final class Rebirth {
  private final Opening opening;
  private final Disk disk;
  private final Path folder;
  private final DocumentReader reader;
  private final TailView view;
  private final List<Damage> damages = new ArrayList<>();

  /** The highest sequence number that anything had. */
  private long last;

  /**
   * @param opening of the folder, whose lock is held
   */
  Rebirth(Opening opening) {
    this.opening = opening;
    this.disk = opening.disk();
    this.folder = opening.folder();
    this.reader = new DocumentReader(disk, folder, opening.serializer());
    this.view = new TailView(new RunStack(List.of()), opening.serializer(), _ -> {});
  }

  /** Whether there is nothing else, and they are there. */
  boolean isNeeded() throws IOException {
    return !reader.agents().isEmpty()
        && new ManifestRebuild(disk, folder).isHopeless(opening.holdsState());
  }

  /** Makes it, if it is needed; gives what is told of that. */
  List<Damage> run() throws IOException {
    if (!isNeeded()) {
      return List.of();
    }
    String store = store();
    fold(store);
    Path system = folder.resolve("system");
    disk.createFolders(system);
    Quarantine quarantine = new Quarantine(disk, folder);
    setAside(quarantine);
    PackFolder packs =
        new PackFolder(disk, folder.resolve("packs"), folder.resolve("mirror"), store);
    disk.createFolders(folder.resolve("packs"));
    disk.createFolders(folder.resolve("mirror"));
    Manifest first = Manifest.first(store);
    PackDescription pack =
        packs.write(
            opening.nextNumber(first),
            0,
            last,
            Checkpoints.FILTERED,
            new CutCursor(view.tail(), opening.serializer()));
    long generation = Manifests.generationSaid(disk, system) + 1;
    Manifests.rewrite(
        disk, system, first.with(List.of(), List.of(pack)).at(generation), quarantine);
    return damages;
  }

  private String store() throws IOException {
    return Objects.requireNonNullElseGet(
        Documents.storeOf(disk, folder), () -> UUID.randomUUID().toString());
  }

  /** The entries of that store, and changes nothing. */
  TailView fold() throws IOException {
    fold(store());
    return view;
  }

  /** The last commit that {@link #fold} shows. */
  long last() {
    return last;
  }

  private void fold(String store) throws IOException {
    String what = "it and its backup are lost, and all that they could be made of";
    damages.add(new Damage("system/metadata.json", null, what, false));
    last = Math.max(1, Documents.durable(disk, folder, store));
    new StoreReader(disk, folder, opening.serializer()).read(this::put);
    List<StateMetadata> agents = new ArrayList<>();
    for (String agent : reader.agents()) {
      StateMetadata shown = reader.metadata(agent);
      if (shown == null) {
        String lost = "it is not what was written, and nothing else is left of its agent";
        damages.add(new Damage("agents/" + agent + ".json", agent, lost, false));
      } else {
        agents.add(shown);
        last = Math.max(last, shown.seq());
      }
    }
    Fold fold = new Fold(view, opening.serializer());
    Instant now = opening.clock().instant().truncatedTo(ChronoUnit.MICROS);
    for (StateMetadata shown : agents) {
      damage(shown, fold, now);
    }
  }

  private void put(Entry entry) {
    last = Math.max(last, entry.seq());
    view.apply(
        List.of(new EntryWrite.Put(entry.key(), entry.version(), entry.value())), entry.seq());
  }

  private void damage(StateMetadata shown, Fold fold, Instant now) {
    String agent = shown.sessionId();
    long version = shown.version();
    Entry deleted = view.get(Keys.deleted(agent));
    if (deleted != null && version <= ((Deleted) deleted.value()).version()) {
      return; // a deletion that was cut off
    }
    String what = "nothing but its documents is left";
    Lost lost = new Lost(agent, new Range(1, version), version, what);
    last++;
    fold.apply(LossyFold.damage(lost, version + 1), new Stamp(last, now));
    view.apply(fold.take(), last);
    damages.add(new Damage("packs", agent, lost.versions(), null, what, false));
  }

  /**
   * Segments and packs are worth nothing. Until there is a manifest, no start takes this as new.
   */
  private void setAside(Quarantine quarantine) throws IOException {
    Manifests.forbidNew(disk, folder.resolve("system"));
    for (String name : List.of("journal", "packs", "mirror")) {
      Path files = folder.resolve(name);
      for (Path file : disk.exists(files) ? disk.list(files) : List.<Path>of()) {
        quarantine.take(file);
      }
    }
  }
}
