package dev.torpor.cli;

import dev.torpor.Torpor;
import dev.torpor.server.Reports;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "verify",
    description = {
      "Checks every byte of a state folder, every agent and every index; changes nothing.",
      "Exit code 0: all is well. 3: something is damaged."
    })
final class VerifyCommand extends CareCommand {
  @Override
  Answer ask(Caller caller) {
    return caller.call("state.verify", Map.of());
  }

  @Override
  Map<String, @Nullable Object> care(Path folder, CareBar bar) {
    return Reports.check(Torpor.at(folder).verify(bar));
  }

  @Override
  void show(Answer report) {
    showDamage(report, "damaged");
    report.values("notes").forEach(note -> say("note: %s", note));
    int damaged = report.objects("damaged").size();
    say(
        "%s: %d agents, %d entries, %d bytes read in %s s",
        damaged == 0 ? "no damage" : damaged + " damaged; torpor repair --dry-run says what to do",
        report.number("agents"),
        report.number("entries"),
        report.number("bytes"),
        report.text("took_seconds"));
  }

  @Override
  String outcome(Answer damage) {
    return Boolean.TRUE.equals(damage.value("healable"))
        ? " (can be healed)"
        : " (has no second copy)";
  }

  @Override
  int exitCode(Answer report) {
    return report.objects("damaged").isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
  }
}
