package dev.torpor.store.file.journal;

import dev.torpor.disk.DurableFile;

/** A segment that the manifests name, open to be written. */
record OpenSegment(Segment segment, DurableFile file) {}
