package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Caller;
import dev.torpor.cli.CommandException;
import dev.torpor.cli.RpcClient;
import dev.torpor.cli.demo.Ledger.Kind;
import dev.torpor.state.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The demo as its client sees it: puts the team to work, kills the server when half of the files
 * are known to be reviewed, starts it again, waits for the report, and compares.
 */
final class Demo {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long PAUSE_MILLIS = 75;

  private final Path folder;
  private final Workplace workplace;
  private final Progress progress;
  private final Ledger ledger = new Ledger();
  private final Instant begin = Instant.now();

  Demo(Path folder, Workplace workplace, Progress progress) {
    this.folder = folder;
    this.workplace = workplace;
    this.progress = progress;
  }

  DemoResult run() throws Exception {
    ServerChild first = workplace.start();
    progress.say("server %d runs; a team begins to review %s".formatted(first.pid(), folder));
    try (Caller caller = new RpcClient(first.url(), null);
        Notes notes = new Notes(caller, ledger)) {
      createTeam(caller, notes);
      String indexTask = giveWork(caller);
      int files = awaitHalf(new Observer(caller, ledger, indexTask));
      first.kill();
      Ledger before = ledger.copy();
      progress.say(
          "server %d killed with SIGKILL when %d of %d files were reviewed"
              .formatted(first.pid(), before.reviewed(), files));
      return goOn(first, before, notes, indexTask, files);
    }
  }

  private DemoResult goOn(
      ServerChild first, Ledger before, Notes notes, String indexTask, int files) throws Exception {
    ServerChild second = workplace.start();
    progress.say("server %d started on the same folder".formatted(second.pid()));
    try (Caller caller = new RpcClient(second.url(), null)) {
      Map<Kind, Set<String>> lost = Audit.lost(before, caller);
      Answer report = Answer.EMPTY; // where something is lost, nothing can be waited for
      if (lost.values().stream().allMatch(Set::isEmpty)) {
        notes.goOnWith(caller);
        Observer observer = new Observer(caller, ledger, indexTask);
        report = awaitReport(observer, files);
        notes.close();
        observer.tasks();
        observer.mail();
      }
      Audit.lost(before, caller)
          .forEach((kind, things) -> Objects.requireNonNull(lost.get(kind)).addAll(things));
      return new DemoResult(
          first.pid(),
          second.pid(),
          before.counts(),
          ledger.counts(),
          lost,
          Audit.lost(ledger, caller),
          Repeats.of(before, new StepLog(workplace.stepLog())),
          report,
          Duration.between(begin, Instant.now()));
    }
  }

  private void createTeam(Caller caller, Notes notes) {
    ReviewTeam.members()
        .forEach(
            (id, behavior) ->
                ledger.agent(
                    caller.call(
                        "agent.create",
                        Map.of(
                            "agent_id", id,
                            "behavior", behavior,
                            "idempotency_key", "create-" + id))));
    notes.begin();
  }

  /** Gives the lead and the indexer their tasks; gives the indexer's. */
  private String giveWork(Caller caller) {
    submit(caller, ReviewTeam.LEAD, "Collect what the others find and write the report", null);
    ledger.mail(
        caller.call(
            "mail.send",
            Map.of(
                "from",
                Session.USER,
                "to",
                ReviewTeam.LEAD,
                "subject",
                "A review, please",
                "body",
                "Of " + folder,
                "idempotency_key",
                "the-wish")));
    return submit(
        caller,
        ReviewTeam.INDEXER,
        "Find the source files and share them out",
        Assignment.first(folder, workplace.stepLog()).toJson());
  }

  private String submit(Caller caller, String agent, String prompt, @Nullable Object payload) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("agent_id", agent);
    params.put("prompt", prompt);
    params.put("payload", payload);
    params.put("idempotency_key", "work-" + agent);
    Answer task = caller.call("task.submit", params);
    ledger.task(task);
    return task.text("task_id");
  }

  /** Returns when half of the files are known to be reviewed; gives how many there are. */
  private int awaitHalf(Observer observer) throws InterruptedException {
    while (true) {
      OptionalInt files = observer.files();
      observer.tasks();
      if (files.isPresent()) {
        progress.reviewed(ledger.reviewed(), files.getAsInt());
        if (ledger.reviewed() * 2 >= files.getAsInt()) {
          observer.mail();
          return files.getAsInt();
        }
      }
      rest(observer);
    }
  }

  private Answer awaitReport(Observer observer, int files) throws InterruptedException {
    while (true) {
      Optional<Answer> report = observer.report();
      observer.tasks();
      progress.reviewed(ledger.reviewed(), files);
      if (report.isPresent()) {
        return report.get();
      }
      rest(observer);
    }
  }

  private void rest(Observer observer) throws InterruptedException {
    Optional<String> failure = observer.failure();
    if (failure.isPresent()) {
      throw CommandException.failed("a task of the demo failed: " + failure.get());
    }
    if (Duration.between(begin, Instant.now()).compareTo(PATIENCE) > 0) {
      throw CommandException.failed(
          "the demo is not done after %d s; try a smaller folder".formatted(PATIENCE.toSeconds()));
    }
    Thread.sleep(PAUSE_MILLIS);
  }
}
