package dev.torpor.store.file;

import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.journal.JournalReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The verification of a store while it is open: of what is durable when it begins. Checkpoints and
 * merges go on and may take away what it is about to read; then it begins again.
 */
record OpenVerification(
    FileStore.Recovered store,
    @Nullable Documents documents,
    StateValidator validator,
    CheckProgress progress) {
  private static final int MOST_TRIES = 20;

  CheckReport run() throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long durable = store.journal().durable(); // before the manifest, which then names all of it
      Manifest manifest = store.manifests().current();
      try (Verification verification =
          new Verification(
              store.disk(), store.folder(), store.serializer(), validator, progress, true)) {
        if (begin(verification, manifest, durable)) {
          store.manifests().damagedNow().forEach(damage -> verification.tell(damage, true));
          verification.finish(
              pack -> store.manifests().current().packs().contains(pack), documents);
          return verification.report();
        }
      }
    }
    throw new IOException("the store changes faster than it can be read; try again later");
  }

  /** Whether it could begin, and nothing was taken away meanwhile that it read. */
  private boolean begin(Verification verification, Manifest manifest, long durable)
      throws IOException {
    try {
      verification.begin(
          manifest,
          JournalReader.beside(
              store.disk(),
              store.folder().resolve("journal"),
              manifest.store(),
              manifest.segments(),
              Math.max(durable, manifest.packed())),
          () -> isStill(manifest));
    } catch (IOException e) {
      if (isStill(manifest)) {
        throw e;
      }
      return false;
    }
    return verification.report().isClean() || isStill(manifest);
  }

  /** Whether nothing that the manifest names was taken away since. */
  private boolean isStill(Manifest manifest) {
    Manifest now = store.manifests().current();
    return now.packs().containsAll(manifest.packs())
        && now.segments().containsAll(manifest.segments());
  }
}
