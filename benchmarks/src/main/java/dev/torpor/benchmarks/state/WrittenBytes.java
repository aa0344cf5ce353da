package dev.torpor.benchmarks.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What was written so far, as Linux counts it.
 *
 * @param handedOver bytes that this process handed to the system in calls that write
 * @param toDevice bytes that the device of a folder has taken, from whatever process. (What {@code
 *     /proc/self/io} says of the device counts whole folios, which may be a thousand times as much
 *     as was changed in them.)
 */
record WrittenBytes(double handedOver, double toDevice) {

  private static final Path CALLS = Path.of("/proc/self/io");
  private static final Path DEVICES = Path.of("/proc/diskstats");
  private static final int SECTOR = 512;

  /** The column of {@link #DEVICES} with the sectors that were written. */
  private static final int SECTORS = 9;

  /** Up to now, when all that waits is on its device; NaN where the system does not count. */
  static WrittenBytes now(Path folder) throws IOException, InterruptedException {
    Process sync = new ProcessBuilder("sync").start();
    if (!sync.waitFor(5, TimeUnit.MINUTES) || sync.exitValue() != 0) {
      throw new IOException("sync does not end, or fails");
    }
    return new WrittenBytes(handedOverSoFar(), toDevice(folder));
  }

  /** {@link #handedOver} alone, up to now; NaN where the system does not count. */
  static double handedOverSoFar() throws IOException {
    if (Files.isReadable(CALLS)) {
      for (String line : Files.readAllLines(CALLS)) {
        if (line.startsWith("wchar:")) {
          return Double.parseDouble(line.substring(line.indexOf(':') + 1));
        }
      }
    }
    return Double.NaN;
  }

  private static double toDevice(Path folder) throws IOException {
    if (!Files.isReadable(DEVICES)) {
      return Double.NaN;
    }
    long device = ((Number) Files.getAttribute(folder, "unix:dev")).longValue();
    long major = device >> 8 & 0xfff;
    long minor = device & 0xff | device >> 12 & 0xfff00;
    for (String line : Files.readAllLines(DEVICES)) {
      String[] columns = line.strip().split(" +", -1);
      if (columns[0].equals("" + major) && columns[1].equals("" + minor)) {
        return Double.parseDouble(columns[SECTORS]) * SECTOR;
      }
    }
    return Double.NaN; // no device of its own
  }

  WrittenBytes minus(WrittenBytes before) {
    return new WrittenBytes(handedOver - before.handedOver, toDevice - before.toDevice);
  }
}
