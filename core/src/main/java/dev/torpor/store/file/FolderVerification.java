package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FolderLock;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.JournalOptions;
import dev.torpor.store.file.journal.JournalReader;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verification of a folder that nobody serves. Writes nothing but LOCK. */
record FolderVerification(Disk disk, Path folder, Opening opening, Verification verification) {

  static CheckReport run(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      CheckProgress progress) {
    Opening opening =
        new Opening(disk, folder, serializer, validator, clock, JournalOptions.DEFAULT, null, null);
    Verification verification =
        new Verification(disk, folder, serializer, validator, progress, false);
    return new FolderVerification(disk, folder, opening, verification).locked(clock);
  }

  private CheckReport locked(Clock clock) {
    try {
      requireState(disk, folder);
      FolderLock lock = opening.lock(new LockHolder(clock.instant(), null));
      try (verification) {
        check();
      } finally {
        Opening.release(lock);
      }
    } catch (IOException e) {
      throw new StoreException(
          Reason.UNUSABLE, "the state folder " + folder + " cannot be read: " + Opening.why(e), e);
    }
    return verification.report();
  }

  /** Refuses a place where nobody ever made a store, before anything is made there. */
  static void requireState(Disk disk, Path folder) {
    if (!disk.exists(folder.resolve("system")) && !disk.exists(folder.resolve("journal"))) {
      throw new StoreException(
          Reason.UNUSABLE, "there is no state in " + folder + "; name a state folder");
    }
  }

  private void check() throws IOException {
    Rebirth rebirth = new Rebirth(opening);
    if (rebirth.isNeeded()) {
      tell(rebirth);
      return;
    }
    Manifest manifest = manifest();
    if (manifest == null) {
      return;
    }
    JournalReader reader =
        JournalReader.open(
            disk,
            folder.resolve("journal"),
            manifest.store(),
            manifest.segments(),
            opening.knownDurable(manifest));
    verification.begin(manifest, reader, () -> true);
    verification.finish(_ -> true, null);
    tellStrays(manifest, reader);
  }

  /** Tells what documents would bring back, where nothing else is left. */
  private void tell(Rebirth rebirth) throws IOException {
    String what = "it and its backup are lost, and all that they could be made of";
    verification.tell(new Damage("system/metadata.json", null, what, false), false);
    verification.note("'torpor repair --from-documents' makes a store of what documents show");
    verification.look(rebirth.fold(), rebirth.last());
  }

  /** The manifest that counts, or would be made where both are lost; null when none can be. */
  private @Nullable Manifest manifest() throws IOException {
    try {
      ManifestRebuild.Plan plan = new ManifestRebuild(disk, folder).plan(opening.holdsState());
      if (plan != null) {
        verification.tell(plan.told(false), true);
        plan.damages().forEach(damage -> verification.tell(damage, false));
        return plan.manifest();
      }
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.DAMAGED) {
        throw e;
      }
      String what = "neither it nor its backup is whole, so that nothing else can be checked";
      verification.tell(new Damage("system/metadata.json", null, what, false), false);
      return null;
    }
    Manifests manifests = Manifests.read(disk, folder.resolve("system"), opening.holdsState());
    for (Damage damage : manifests.damages()) {
      verification.tell(new Damage(damage.file(), null, damage.what(), false), true);
    }
    return manifests.current();
  }

  /** Tells of files that nothing names. */
  private void tellStrays(Manifest manifest, JournalReader reader) throws IOException {
    for (Path file : reader.leftovers()) {
      verification.note(Told.name(file) + " is left over of a crash; a start removes it");
    }
    PackFolder packs =
        new PackFolder(disk, folder.resolve("packs"), folder.resolve("mirror"), manifest.store());
    if (disk.exists(folder.resolve("packs")) && disk.exists(folder.resolve("mirror"))) {
      for (Path file : packs.leftovers(manifest.packs())) {
        verification.note(Told.name(file) + " is left over of a crash; a start removes it");
      }
    }
    for (String name : List.of("packs", "mirror", "journal", "system")) {
      Path files = folder.resolve(name);
      for (Path file : disk.exists(files) ? disk.list(files) : List.<Path>of()) {
        if (!isOurs(name, file.getFileName().toString())) {
          verification.note(Told.name(file) + " is no file of the store; nothing reads it");
        }
      }
    }
  }

  private static boolean isOurs(String folder, String file) {
    return switch (folder) {
      case "packs", "mirror" -> PackFolder.numberOf(Path.of(file)).isPresent();
      case "journal" -> file.matches("[0-9]{10}[.]jsonl([.]tmp)?");
      default -> file.matches("[a-z_]+([.]backup)?[.]jsonl?([.]tmp)?|document([.]body)?[.]tmp");
    };
  }
}
