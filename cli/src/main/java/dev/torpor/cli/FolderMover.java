package dev.torpor.cli;

import dev.torpor.ExportReport;
import dev.torpor.ImportReport;
import dev.torpor.Torpor;
import dev.torpor.TorporException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A state folder that no server holds. */
final class FolderMover implements Mover {
  private final Torpor torpor;

  private FolderMover(Torpor torpor) {
    this.torpor = torpor;
  }

  /**
   * Opens a folder; nothing in it runs.
   *
   * @param makes whether one that is not there is made
   */
  static FolderMover open(Path folder, boolean makes) {
    if (makes && !Files.exists(folder)) {
      StateFolder.check(folder);
      System.setProperty("logback.configurationFile", "dev/torpor/cli/quiet-log.xml");
      return new FolderMover(Torpor.reading(folder));
    }
    return new FolderMover(FolderCaller.reading(folder));
  }

  @Override
  public Map<String, @Nullable Object> export(OutputStream out, @Nullable String agent, Bar bar)
      throws IOException {
    try {
      bar.most(agent == null ? torpor.counts().all() : 1);
      ExportReport report = torpor.exportTo(out, agent, bar);
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("agents", report.agents());
      fields.put("entries", report.entries());
      fields.put("seq", report.seq());
      return fields;
    } catch (TorporException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public Map<String, @Nullable Object> take(Path file, boolean replace, Bar bar)
      throws IOException {
    try {
      bar.most(2 * Files.size(file));
      ImportReport report = torpor.importFrom(file, replace, bar);
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("agents", report.agents());
      fields.put("entries", report.entries());
      return fields;
    } catch (TorporException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public void close() {
    torpor.close();
  }
}
