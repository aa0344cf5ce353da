package dev.torpor.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a measurement was taken. */
record Machine(
    int cores, long memoryBytes, String processor, String system, String jdk, String fileSystem) {

  /** Looks at this machine, and at the file system that a folder is on. */
  static Machine here(Path folder) throws IOException {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        system.getAvailableProcessors(),
        system.getTotalMemorySize(),
        findProcessor(),
        system.getName() + " " + system.getVersion() + " " + system.getArch(),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        Files.getFileStore(folder).type());
  }

  private static String findProcessor() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(processors)) {
      return "unknown processor";
    }
    return Files.readAllLines(processors).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }

  /** Tells how many threads want a core before anything is measured; negative if unknown. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** For how long all threads of this process together had a processor, up to now. */
  static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  @Override
  public String toString() {
    return "%d cores (%s), %d GiB of memory, %s, %s, JDK %s"
        .formatted(cores, processor, Math.round(memoryBytes / 0x1p30), fileSystem, system, jdk);
  }
}
