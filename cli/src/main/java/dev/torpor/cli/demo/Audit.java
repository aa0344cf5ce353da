package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Caller;
import dev.torpor.cli.CommandException;
import dev.torpor.cli.demo.Ledger.Kind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Looks for everything in a ledger in what a server answers now. */
final class Audit {
  private final Ledger ledger;
  private final Caller caller;
  private final Map<Kind, Set<String>> lost = new EnumMap<>(Kind.class);

  private Audit(Ledger ledger, Caller caller) {
    this.ledger = ledger;
    this.caller = caller;
    for (Kind kind : Kind.values()) {
      lost.put(kind, new TreeSet<>());
    }
  }

  /** What is in the ledger and not, or otherwise, with the server. */
  static Map<Kind, Set<String>> lost(Ledger ledger, Caller caller) {
    Audit audit = new Audit(ledger, caller);
    audit.agents();
    audit.tasksAndSteps();
    audit.mail();
    audit.messages();
    return audit.lost;
  }

  private void check(boolean isThere, Kind kind, String what) {
    if (!isThere) {
      Objects.requireNonNull(lost.get(kind)).add(what);
    }
  }

  private void agents() {
    ledger
        .agents()
        .forEach(
            (id, behavior) ->
                check(
                    found("agent.get", Map.of("agent_id", id)).text("behavior").equals(behavior),
                    Kind.AGENTS,
                    id));
  }

  /** An answer without fields when there is no such thing. */
  private Answer found(String method, Map<String, ?> params) {
    try {
      return caller.call(method, params);
    } catch (CommandException e) {
      return Answer
          .EMPTY; // not found is what is looked for; a dead server loses everything, rightly
    }
  }

  private void tasksAndSteps() {
    Map<String, String> steps = new HashMap<>();
    for (String id : ledger.tasks().keySet()) {
      Answer task = found("task.get", Map.of("task_id", id));
      check(task.text("task_id").equals(id), Kind.TASKS, id);
      String outcome = ledger.finishedTasks().get(id);
      if (outcome != null) {
        check(Ledger.outcome(task).equals(outcome), Kind.FINISHED_TASKS, id);
      }
      for (Answer step : task.objects("steps")) {
        steps.put(StepLog.key(id, step.text("name")), step.text("result"));
      }
    }
    for (Ledger.StepSeen step : ledger.steps().values()) {
      check(step.result().equals(steps.get(step.key())), Kind.STEPS, step.key());
    }
  }

  private void mail() {
    Map<String, Map<String, Answer>> mailboxes = new HashMap<>();
    ledger
        .mail()
        .forEach(
            (id, sent) -> {
              Answer there =
                  mailboxes
                      .computeIfAbsent(sent.text("to"), this::mailbox)
                      .getOrDefault(id, Answer.EMPTY);
              check(
                  there.text("subject").equals(sent.text("subject"))
                      && there.text("body").equals(sent.text("body"))
                      && there.text("from").equals(sent.text("from")),
                  Kind.MAIL,
                  id);
            });
  }

  private Map<String, Answer> mailbox(String agentId) {
    Map<String, Answer> mailbox = new HashMap<>();
    try {
      Pages.each(
          caller,
          "mail.list",
          "mail",
          Map.of("agent_id", agentId),
          mail -> mailbox.put(mail.text("message_id"), mail));
    } catch (CommandException e) {
      return mailbox; // the agent is gone, and its mail with it
    }
    return mailbox;
  }

  private void messages() {
    Set<Long> there = new HashSet<>();
    long from = 0;
    long total = ledger.messages().isEmpty() ? 0 : Long.MAX_VALUE;
    while (from < total) {
      Answer page =
          found(
              "context.history",
              Map.of("agent_id", ReviewTeam.LEAD, "from", from, "limit", Pages.SIZE));
      for (Answer message : page.objects("messages")) {
        long index = message.number("index");
        if (message.text("content").equals(ledger.messages().get(index))) {
          there.add(index);
        }
      }
      total = page.number("total");
      from += Pages.SIZE;
    }
    ledger
        .messages()
        .keySet()
        .forEach(index -> check(there.contains(index), Kind.MESSAGES, index.toString()));
  }
}
