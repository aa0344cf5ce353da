package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Caller;
import dev.torpor.state.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A client that looks at what the team did, and enters it into a ledger. */
final class Observer {
  private final Caller caller;
  private final Ledger ledger;
  private final String indexTask;

  Observer(Caller caller, Ledger ledger, String indexTask) {
    this.caller = caller;
    this.ledger = ledger;
    this.indexTask = indexTask;
  }

  /** Looks at all tasks that are not known to be finished. */
  void tasks() {
    for (String agent : ReviewTeam.members().keySet()) {
      Pages.each(caller, "task.list", "tasks", Map.of("agent_id", agent), this::task);
    }
  }

  private void task(Answer listed) {
    String id = listed.text("task_id");
    if (!ledger.isKnownFinished(id)) {
      ledger.task(caller.call("task.get", Map.of("task_id", id)));
    }
  }

  void mail() {
    for (String agent : List.of(ReviewTeam.LEAD, Session.USER)) {
      Pages.each(caller, "mail.list", "mail", Map.of("agent_id", agent), ledger::mail);
    }
  }

  /** How many files there are to review; empty while the indexer looks for them. */
  OptionalInt files() {
    Answer task = caller.call("task.get", Map.of("task_id", indexTask));
    return Ledger.isFinished(task)
        ? OptionalInt.of((int) task.object("result").number("files"))
        : OptionalInt.empty();
  }

  /** A task that failed, with its error; empty when none did. */
  Optional<String> failure() {
    return Pages.first(caller, "task.list", "tasks", Map.of("status", "failed"))
        .map(task -> task.text("agent_id") + ": " + task.text("error"));
  }

  /** The lead's report; empty as long as it has not come. */
  Optional<Answer> report() {
    return caller.call("mail.check", Map.of("agent_id", Session.USER)).objects("mail").stream()
        .filter(mail -> mail.text("subject").equals(Lead.REPORT))
        .map(mail -> mail.object("metadata").object("report"))
        .findFirst();
  }
}
