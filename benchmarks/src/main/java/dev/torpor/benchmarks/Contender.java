package dev.torpor.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/** Something that can make a message durable: Torpor, a peer, or a bare loop that is the limit. */
public interface Contender {

  String name();

  /** Starts in an empty folder. */
  Session open(Path folder) throws Exception;

  /** Tells whether this does nothing but write and force: what the others are compared with. */
  default boolean isLimit() {
    return false;
  }

  /** The threads that it is written to from, where there are several writers. */
  default ThreadFactory writerThreads() {
    return Thread.ofVirtual().factory();
  }
}
