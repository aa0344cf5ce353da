package dev.torpor.store.file;

import dev.torpor.state.EntryWrite;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Stamp;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.Damage;
import dev.torpor.store.file.journal.JournalReader;
import dev.torpor.store.file.journal.Replay;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import dev.torpor.store.file.pack.RunStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a folder that can be opened of one that has lost something for good: commits of the
 * journal, or entries of a pack both of whose copies are damaged.
 *
 * <p>What can be read of the packs and, over it, of the journal is folded as far as it fits. Agents
 * that lost some of it become damaged; what is left of them goes to quarantine first. All that the
 * journal said, and who is damaged, becomes one pack; and one writing of the manifests makes it
 * count, in the journal's place. So a crash leaves the folder as it was, or as it is to be.
 *
 * <p>Whose commits were lost is known where a later change shows a gap in versions, or where a bad
 * line is still legible; otherwise only the sequence numbers are.
 */
final class Aftermath {
  private static final Logger log = LoggerFactory.getLogger(FileStore.class);

  private final Opening opening;
  private final Path journal;
  private final Quarantine quarantine;
  private final List<RecoveryReport.Damage> damages = new ArrayList<>();

  /**
   * @param opening of the folder, whose lock is held
   */
  Aftermath(Opening opening) {
    this.opening = opening;
    this.journal = opening.folder().resolve("journal");
    this.quarantine = new Quarantine(opening.disk(), opening.folder());
  }

  /**
   * Does it.
   *
   * @return what was damaged; empty when nothing was that this could make good or name
   * @throws StoreException {@code DAMAGED} when what is whole does not fit together: somebody wrote
   *     it so, and nothing is changed
   */
  List<RecoveryReport.Damage> run() throws IOException {
    damages.addAll(new ManifestRebuild(opening.disk(), opening.folder()).run(opening.holdsState()));
    Manifests manifests =
        Manifests.read(opening.disk(), opening.folder().resolve("system"), opening.holdsState());
    Manifest manifest = manifests.current();
    manifest.gaps().forEach(gap -> damages.add(Told.gap(gap)));
    PackFolder folder =
        new PackFolder(
            opening.disk(),
            opening.folder().resolve("packs"),
            opening.folder().resolve("mirror"),
            manifest.store());
    opening.disk().createFolders(opening.folder().resolve("packs"));
    opening.disk().createFolders(opening.folder().resolve("mirror"));
    PackSalvage packs = new PackSalvage(folder, opening.nextNumber(manifest));
    for (PackDescription pack : manifest.packs()) {
      packs.look(pack);
    }
    damages.addAll(packs.damages());
    List<Pack> open = new ArrayList<>();
    try {
      for (PackDescription pack : packs.live().reversed()) {
        open.add(folder.open(pack));
      }
      TailView view = new TailView(new RunStack(List.copyOf(open)), opening.serializer(), _ -> {});
      List<PackDescription> live = new ArrayList<>(packs.live());
      boolean lostCommits = mourn(manifest, packs, view, folder, live);
      if (packs.replaced().isEmpty() && !lostCommits) {
        return damages; // those of manifests, if any
      }
      List<PackDescription> whole = filled(live, folder, packs.nextNumber() + 1);
      // From here on the folder itself does not say any more which commits are lost.
      damages.forEach(d -> log.warn("{}: {}, healed: {}", d.file(), d.what(), d.healed()));
      manifests.settle();
      var _ = manifests.update(now -> now.with(lostCommits ? List.of() : now.segments(), whole));
      for (Quarantine.Replaced pack : packs.replaced()) {
        quarantine.take(folder, pack);
      }
      return damages;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      for (Pack pack : open) {
        pack.close();
      }
    }
  }

  /** The same packs, with an empty one in each gap: what is lost there is told and done with. */
  private static List<PackDescription> filled(
      List<PackDescription> live, PackFolder folder, long firstNumber) throws IOException {
    List<PackDescription> whole = new ArrayList<>();
    long number = firstNumber;
    long end = 0;
    for (PackDescription pack : live) {
      if (pack.from() > end) {
        whole.add(folder.write(number++, end, pack.from(), Checkpoints.FILTERED, () -> null));
      }
      whole.add(pack);
      end = pack.to();
    }
    return whole;
  }

  /**
   * Folds the journal, marks who lost something, and writes all of it as a pack.
   *
   * @param live gets that pack
   * @return whether anything is lost at all
   */
  private boolean mourn(
      Manifest manifest,
      PackSalvage packs,
      TailView view,
      PackFolder folder,
      List<PackDescription> live)
      throws IOException {
    JournalReader reader =
        JournalReader.open(
            opening.disk(),
            journal,
            manifest.store(),
            manifest.segments(),
            opening.knownDurable(manifest));
    Fold fold = new Fold(view, opening.serializer());
    LossyFold lossy = new LossyFold(fold, new CommitLines(opening.serializer()));
    try (Remains remains = new Remains(opening.disk(), quarantine, opening.serializer())) {
      Replay replay =
          reader.replay(
              manifest.packed() + 1,
              (seq, at, bytes, offset, length) -> {
                view.apply(lossy.commit(seq, at, bytes, offset, length), seq);
                for (String agent : lossy.skipped()) {
                  remains.line(agent, bytes, offset, length);
                }
              });
      List<Damage> losses = replay.damages().stream().filter(Damage::losesCommits).toList();
      boolean anyGap = damages.stream().anyMatch(damage -> damage.sequenceNumbers() != null);
      if (losses.isEmpty() && packs.lost().isEmpty() && !anyGap) {
        return false;
      }
      if (!lossy.isUnderstood()) {
        throw new StoreException(Reason.DAMAGED, String.join("; ", lossy.passedOver()));
      }
      replay.damages().forEach(damage -> damages.add(Told.of(damage)));
      Concerned concerned = new Concerned(opening.disk(), fold, lossy.lost());
      Map<String, LossyFold.Lost> lost = concerned.by(losses, packs.lost());
      if (anyGap) {
        addBroken(lost, view);
      }
      new Documented(opening.disk(), opening.folder(), opening.serializer(), manifest.store())
          .name(lost, new KnownVersions(view), lostCommits(packs));
      long last = replay.last();
      for (String agent : concerned.deleted()) {
        view.apply(List.of(new EntryWrite.RemovePrefix(Keys.agent(agent))), ++last);
      }
      last = mark(lost, view, fold, remains, last);
      if (!packs.lost().isEmpty() || anyGap) {
        view.apply(new IndexRepair(view, opening.serializer()).writes(), ++last);
      }
      keep(manifest, replay);
      live.add(
          folder.write(
              packs.nextNumber(),
              manifest.packed(),
              Math.max(last, manifest.packed() + 1),
              Checkpoints.FILTERED,
              new CutCursor(view.tail(), opening.serializer())));
      return true;
    }
  }

  /** Commits that are lost, or some of what they wrote. */
  private List<Range> lostCommits(PackSalvage packs) {
    List<Range> commits = new ArrayList<>(packs.commits());
    for (RecoveryReport.Damage damage : damages) {
      if (damage.sequenceNumbers() != null) {
        commits.add(damage.sequenceNumbers());
      }
    }
    return commits;
  }

  /** Where packs are lost, agents are that have not all that belongs together. */
  private void addBroken(Map<String, LossyFold.Lost> lost, TailView view) {
    new AgentsCheck(
            view,
            opening.validator(),
            opening.serializer(),
            (agent, what) -> {
              if (!agent.isEmpty() && !lost.containsKey(agent)) {
                long has = new KnownVersions(view).highest(agent);
                lost.put(agent, new LossyFold.Lost(agent, new Range(1, has), has, what));
              }
            })
        .runOverAgents();
  }

  /** Makes agents damaged, a commit each; gives the last one's sequence number. */
  private long mark(
      Map<String, LossyFold.Lost> lost, TailView view, Fold fold, Remains remains, long last)
      throws IOException {
    Instant now = opening.clock().instant().truncatedTo(ChronoUnit.MICROS);
    String file =
        damages.stream()
            .filter(damage -> !damage.healed())
            .findFirst()
            .map(RecoveryReport.Damage::file)
            .orElse("journal");
    long seq = last;
    for (LossyFold.Lost agent : lost.values()) {
      seq++;
      String kept = remains.entries(agent.agent(), view);
      fold.apply(LossyFold.damage(agent, agent.highest() + 1), new Stamp(seq, now));
      view.apply(fold.take(), seq);
      String what = agent.what() + "; what is left is in " + kept;
      log.warn("agent {} lost versions {}: {}", agent.agent(), agent.versions(), what);
      damages.add(
          new RecoveryReport.Damage(file, agent.agent(), agent.versions(), null, what, false));
    }
    return seq;
  }

  /** Keeps the segments that are damaged; what is whole of the journal is in the pack. */
  private void keep(Manifest manifest, Replay replay) throws IOException {
    for (Segment segment : manifest.segments()) {
      Path file = segment.file(journal);
      if (replay.damages().stream().anyMatch(damage -> damage.file().equals(file))) {
        quarantine.keep(file);
      }
    }
  }
}
