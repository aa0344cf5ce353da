package dev.torpor.store.file;

import java.io.IOException;

/** Reads the manifest and its backup, writes them again where they are damaged, and tells gaps. */
record ManifestScrub(Manifests manifests, Quarantine quarantine) implements Scrub.Subject {

  @Override
  public long size() {
    return 0; // beside all else it is nothing
  }

  @Override
  public void scrub(Scrub.Reading reading) throws IOException {
    manifests.heal(quarantine).forEach(reading::found);
    manifests.current().gaps().forEach(gap -> reading.found(Told.gap(gap)));
  }
}
