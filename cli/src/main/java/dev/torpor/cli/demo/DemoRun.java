package dev.torpor.cli.demo;

import dev.torpor.cli.CommandException;
import dev.torpor.cli.ExitCode;
import dev.torpor.cli.JsonText;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The demo from the command's options to what it prints. */
final class DemoRun {
  private DemoRun() {}

  static int run(
      @Nullable Path folder, boolean keep, boolean json, PrintWriter out, PrintWriter err)
      throws Exception {
    Path reviewed = folder == null ? repository() : folder;
    if (!Files.isDirectory(reviewed) || !Files.isReadable(reviewed)) {
      throw CommandException.wrongUsage(
          reviewed
              + (Files.exists(reviewed) ? " is no folder that can be read" : " does not exist")
              + "; name a folder with source files");
    }
    DemoResult result;
    try (Workplace workplace = Workplace.make(keep);
        Progress progress = Progress.to(err)) {
      result = new Demo(reviewed.toRealPath(), workplace, progress).run();
      if (keep) {
        progress.say("kept: " + workplace.folder());
      }
    }
    if (json) {
      out.println(JsonText.write(result.toJson()));
    } else {
      ResultText.print(result, out);
    }
    out.flush();
    return result.isFaultless() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** The repository that this program was built in; where there is none, the folder one is in. */
  private static Path repository() throws URISyntaxException {
    Path program =
        Path.of(DemoRun.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    for (Path folder = program; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("torpor"))
          && Files.isRegularFile(folder.resolve("pom.xml"))) {
        return folder;
      }
    }
    return Path.of("");
  }
}
