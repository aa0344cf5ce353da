package dev.torpor.store.file;

import java.time.Duration;

/**
 * How a store reads again what it has written.
 *
 * @param bytesPerSecond how fast, at most
 * @param rest how long it rests when it has read all
 */
public record ScrubOptions(long bytesPerSecond, Duration rest) {
  /** 16 MiB/s, with ten minutes between two passes. */
  public static final ScrubOptions DEFAULT = new ScrubOptions(16 << 20, Duration.ofMinutes(10));

  public ScrubOptions {
    if (bytesPerSecond < 1 || rest.isNegative() || rest.isZero()) {
      throw new IllegalArgumentException(bytesPerSecond + " bytes a second, a rest of " + rest);
    }
  }
}
