package dev.torpor.cli;

import dev.torpor.Torpor;
import dev.torpor.TorporBuilder;
import dev.torpor.server.Reports;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "repair",
    description = {
      "Heals what has a second copy, puts the rest into quarantine, and says what is lost.",
      "Exit code 0: all is well now. 3: something is lost, or damaged still."
    })
final class RepairCommand extends CareCommand {
  @Option(names = "--dry-run", description = "Only say what is damaged; change nothing.")
  private boolean isDry;

  @Option(
      names = "--from-documents",
      arity = "0..*",
      paramLabel = "ID",
      description = {
        "Bring these damaged agents back from their documents, and touch no other.",
        "Without an ID: every damaged agent; and where nothing else is left that could be opened,",
        "make a store of the documents. What was there goes to quarantine. Try --dry-run first.",
        "Documents must be whole, and show no older version than all else that can be read."
      })
  private @Nullable List<String> fromDocuments;

  @Override
  Answer ask(Caller caller) {
    return isDry
        ? caller.call("state.verify", Map.of())
        : caller.call("state.repair", Map.of("from_documents", ids(caller)));
  }

  private List<String> ids(Caller caller) {
    List<String> ids = fromDocuments;
    if (ids == null || !ids.isEmpty()) {
      return ids == null ? List.of() : ids;
    }
    return caller.call("state.verify", Map.of()).objects("from_documents").stream()
        .filter(agent -> Boolean.TRUE.equals(agent.value("serves")))
        .map(agent -> agent.text("agent"))
        .toList();
  }

  @Override
  Map<String, @Nullable Object> care(Path folder, CareBar bar) {
    TorporBuilder torpor = Torpor.at(folder);
    if (isDry) {
      return Reports.check(torpor.verify(bar));
    }
    List<String> ids = fromDocuments;
    return Reports.repair(
        ids == null
            ? torpor.repair(bar)
            : ids.isEmpty() ? torpor.repairFromDocuments(bar) : torpor.repair(bar, ids));
  }

  @Override
  void show(Answer report) {
    showDamage(report, "damaged");
    int damaged = report.objects("damaged").size();
    report.values("restored").forEach(agent -> say("agent %s is back from its documents", agent));
    report.objects("from_documents").forEach(this::showSaved);
    report.values("notes").forEach(note -> say("note: %s", note));
    if (isDry) {
      say(
          damaged == 0
              ? "nothing is damaged"
              : "%d damaged; torpor repair heals what can be healed",
          damaged);
      return;
    }
    if (!report.objects("remaining").isEmpty()) {
      say("damaged still:");
      showDamage(report, "remaining");
    }
    say(
        "%s; %d agents",
        Boolean.TRUE.equals(report.value("whole"))
            ? damaged == 0 ? "nothing was damaged" : "all is healed, and nothing is lost"
            : "not all could be healed",
        report.number("agents"));
  }

  private void showSaved(Answer agent) {
    String id = agent.text("agent");
    if (Boolean.TRUE.equals(agent.value("serves"))) {
      say(
          "agent %s is damaged; torpor repair --from-documents %s brings version %s back",
          id, id, agent.text("version"));
    } else {
      say("agent %s is damaged; its documents cannot bring it back: %s", id, agent.text("why_not"));
    }
  }

  @Override
  String outcome(Answer damage) {
    if (damage.has("healable")) {
      return Boolean.TRUE.equals(damage.value("healable"))
          ? " (can be healed)"
          : " (has no second copy)";
    }
    return Boolean.TRUE.equals(damage.value("healed")) ? " (healed)" : " (lost)";
  }

  @Override
  int exitCode(Answer report) {
    boolean isWhole =
        isDry ? report.objects("damaged").isEmpty() : Boolean.TRUE.equals(report.value("whole"));
    return isWhole ? ExitCode.DONE : ExitCode.DAMAGED;
  }
}
