package dev.torpor.store.file.document;

import java.util.List;

/** What the document of an agent says about another of its documents. */
sealed interface Written {
  /** The version of the agent that it was last written at. */
  long version();

  /** How long its file is. */
  long bytes();

  /**
   * A document that is written whole.
   *
   * @param checksum as it stands in it
   * @param content CRC32C of what is behind its metadata, by which it is known to be unchanged
   * @param kept ids of what it shows by choice, the first first; they spare reading all there is to
   *     choose from
   */
  record Whole(long version, long bytes, String checksum, String content, Kept kept)
      implements Written {}

  /**
   * A document of lines.
   *
   * @param lines how many, the first included
   */
  record Lines(long version, long bytes, long lines) implements Written {}

  /**
   * Ids of what a document shows by choice.
   *
   * @param recent tasks that finished last, or mail that was read last, the latest first
   * @param pendingReplies mail sent that waits for a reply
   */
  record Kept(List<String> recent, List<String> pendingReplies) {
    static final Kept NONE = new Kept(List.of(), List.of());

    public Kept {
      recent = List.copyOf(recent);
      pendingReplies = List.copyOf(pendingReplies);
    }
  }
}
