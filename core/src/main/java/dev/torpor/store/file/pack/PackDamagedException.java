package dev.torpor.store.file.pack;

import java.io.IOException;

/**
 * A pack or a twin is not what was written, so that a question could not be answered. The file's
 * other copy may be good: see {@link PackFolder#heal}.
 */
public final class PackDamagedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient PackDamage damage;

  PackDamagedException(PackDamage damage) {
    super(damage.toString());
    this.damage = damage;
  }

  /** Returns what is known of it. */
  public PackDamage damage() {
    return damage;
  }
}
