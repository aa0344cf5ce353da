package dev.torpor.store;

/**
 * The right to write to a shard, which only a store can hand out. Checked by the store with each
 * commit, so that who lost it cannot write.
 */
public interface Owned {
  /** Which shard. */
  int shard();

  /** Which time this shard was handed out: higher ones fence off lower ones. */
  long epoch();
}
