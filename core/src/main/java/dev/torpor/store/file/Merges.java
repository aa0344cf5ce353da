package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.file.Pace.EndedException;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.Merge;
import dev.torpor.store.file.pack.MergePolicy;
import dev.torpor.store.file.pack.MergePolicy.Neighbours;
import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges packs that are neighbours in age, as the policy says, beside checkpoints and writers. The
 * new pack is whole before the manifests name it in the place of the old ones, and these are
 * removed after that. A pack that turns out to be damaged is made anew from its twin first.
 * Thread-safe; one merge at a time.
 */
final class Merges {
  private static final Logger log = LoggerFactory.getLogger(Merges.class);

  /** Makes what says in a merge what counts as removed. */
  interface Sieves {
    /** For one merge; the arguments are {@link Outdated}'s. */
    Outdated sieve(long since, long erased);
  }

  private final Disk disk;
  private final PackFolder folder;
  private final Manifests manifests;
  private final Quarantine quarantine;
  private final MergePolicy policy;
  private final AtomicLong nextNumber;
  private final Sieves sieves;
  private volatile boolean ended;

  /** */
  Merges(
      Disk disk,
      PackFolder folder,
      Manifests manifests,
      Quarantine quarantine,
      MergePolicy policy,
      AtomicLong nextNumber,
      Sieves sieves) {
    this.disk = disk;
    this.folder = folder;
    this.manifests = manifests;
    this.quarantine = quarantine;
    this.policy = policy;
    this.nextNumber = nextNumber;
    this.sieves = sieves;
  }

  /**
   * Merges as long as the policy finds something.
   *
   * @throws IOException when a merge could not be done: then all is as it was
   */
  synchronized void run() throws IOException {
    try {
      mergeAll();
    } catch (EndedException e) {
      log.debug("a merge was given up, since the store is closed");
    }
  }

  /**
   * Makes a pack anew from its good copy, when no merge runs.
   *
   * @return whether it was; not when it counts no more, since then nobody needs it
   * @throws PackDamagedException when that copy is damaged too
   */
  synchronized boolean heal(PackDescription pack, Copy good) throws IOException {
    if (ended || !manifests.current().packs().contains(pack)) {
      return false;
    }
    replace(pack, good);
    return true;
  }

  private void mergeAll() throws IOException {
    while (!ended) {
      List<PackDescription> newestFirst = manifests.current().packs().reversed();
      Optional<Neighbours> chosen =
          policy.choose(newestFirst.stream().map(pack -> pack.pack().size()).toList());
      if (chosen.isEmpty()) {
        return;
      }
      Neighbours n = chosen.get();
      var _ =
          merge(
              newestFirst.subList(n.from(), n.to()),
              n.to() == newestFirst.size(),
              sieves.sieve(manifests.current().erased(), 0));
    }
  }

  /**
   * Merges all packs that have anything up to a sequence number into one, with nothing in it of
   * agents that were deleted up to there.
   *
   * @param since nothing is left of agents that were deleted up to there
   * @return up to where nothing is left behind this; above {@code since}
   * @throws IOException when it could not be done: then all is as it was
   * @throws EndedException when the store is closed
   */
  synchronized long erase(long upTo, long since) throws IOException {
    while (true) {
      checkGoesOn();
      List<PackDescription> all = manifests.current().packs();
      List<PackDescription> old = all.stream().filter(pack -> pack.from() < upTo).toList();
      Outdated sieve = sieves.sieve(since, upTo);
      if (old.isEmpty() || merge(old.reversed(), true, sieve)) {
        return Math.max(since + 1, Math.min(upTo, sieve.knownTo()));
      }
    }
  }

  /** Does something else while none runs. */
  synchronized void pausing(Chore.Work work) throws IOException {
    checkGoesOn();
    work.run();
  }

  /**
   * Gives up what runs, soon, lets nothing more begin, and returns when what ran is over, whoever's
   * thread it was on: the folder may be another process's then.
   */
  void end() {
    ended = true;
    synchronized (this) {
      ended = true; // what ran has let go
    }
  }

  /** Merges packs; false when one of them was damaged, and was healed instead. */
  private boolean merge(List<PackDescription> newestFirst, boolean nothingOlder, Outdated sieve)
      throws IOException {
    long began = System.nanoTime();
    List<Pack> open = new ArrayList<>();
    try {
      List<EntryCursor> cursors = new ArrayList<>();
      for (PackDescription description : newestFirst) {
        Pack pack = opened(description);
        if (pack == null) {
          return false; // it was healed: what counts has changed, so the policy is asked again
        }
        open.add(pack);
        cursors.add(new Watched(description, pack.scan("", "")));
      }
      PackDescription merged =
          folder.write(
              nextNumber.getAndIncrement(),
              newestFirst.getLast().from(),
              newestFirst.getFirst().to(),
              Checkpoints.FILTERED,
              new Merge(cursors, nothingOlder, sieve));
      List<PackDescription> sources = newestFirst.reversed();
      var _ = manifests.update(manifest -> manifest.merged(sources, merged));
      log.info(
          "merged {} packs into one of {} entries in {} ms",
          sources.size(),
          merged.entries(),
          (System.nanoTime() - began) / 1_000_000);
    } catch (Damaged damaged) {
      heal(damaged.pack, damaged.damage);
      return false;
    } finally {
      for (Pack pack : open) {
        pack.close();
      }
    }
    newestFirst.forEach(this::remove);
    return true;
  }

  /** Opens a pack; null when it was damaged and has been healed. */
  private @Nullable Pack opened(PackDescription description) throws IOException {
    try {
      return folder.open(description);
    } catch (PackDamagedException e) {
      heal(description, e);
      return null;
    }
  }

  private void heal(PackDescription pack, PackDamagedException damage) throws IOException {
    log.warn("pack {} is damaged, and is made anew from its twin", pack.number(), damage);
    replace(pack, Copy.TWIN);
  }

  private void replace(PackDescription pack, Copy good) throws IOException {
    PackDescription healed =
        folder.heal(pack, good, nextNumber.getAndIncrement(), _ -> checkGoesOn());
    var _ = manifests.update(manifest -> manifest.merged(List.of(pack), healed));
    quarantine.take(folder, new Quarantine.Replaced(pack, Set.of(good.other())));
  }

  /** What cannot be removed now is left over, and removed by the next start. */
  private void remove(PackDescription pack) {
    for (Copy copy : Copy.values()) {
      try {
        disk.delete(folder.file(pack.number(), copy));
      } catch (IOException e) {
        log.warn("pack {} counts no more and could not be removed", pack.number(), e);
      }
    }
  }

  private void checkGoesOn() {
    if (ended) {
      throw new EndedException();
    }
  }

  /** A cursor that says whose damage it met, and ends when the store is closed. */
  private final class Watched implements EntryCursor {
    private final PackDescription pack;
    private final EntryCursor cursor;

    Watched(PackDescription pack, EntryCursor cursor) {
      this.pack = pack;
      this.cursor = cursor;
    }

    @Override
    public @Nullable PackEntry next() throws IOException {
      checkGoesOn();
      try {
        return cursor.next();
      } catch (PackDamagedException e) {
        throw new Damaged(pack, e);
      }
    }
  }

  /** Damage, and whose it is. */
  private static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient PackDescription pack;
    private final PackDamagedException damage;

    Damaged(PackDescription pack, PackDamagedException damage) {
      super(damage);
      this.pack = pack;
      this.damage = damage;
    }
  }
}
