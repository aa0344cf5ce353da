package dev.torpor.cli.demo;

import dev.torpor.AgentBehavior;
import dev.torpor.Turn;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.WakeEvent;
import dev.torpor.store.JsonStateSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sleeps until mail comes, keeps what it says in its working memory, and writes the report when
 * every task of the plan has been answered. Nothing of it is held in fields: each turn may be in a
 * new process.
 */
final class Lead implements AgentBehavior {
  static final String REPORT = "The report";

  private static final String PLANNED = "planned";
  private static final String RECEIVED = "received";

  @Override
  public void run(Turn turn) {
    List<Mail> mail = turn.unreadMail();
    mail.forEach(one -> keep(turn, one));
    turn.acknowledge(mail);
    Object planned = turn.memory().get(PLANNED);
    if (planned == null || number(planned) > received(turn)) {
      turn.thenSleepUntil(WakeEvent.MAIL_RECEIVED);
    } else if (turn.memory().get(REPORT) == null) {
      report(turn);
    }
  }

  private static void keep(Turn turn, Mail mail) {
    TeamMail.content(mail, TeamMail.Plan.class)
        .ifPresent(plan -> turn.memory().put(PLANNED, plan.tasks()));
    TeamMail.content(mail, TeamMail.Share.class)
        .ifPresent(
            share -> {
              int received = received(turn);
              turn.memory().put(share(received), JsonStateSerializer.toJson(share));
              turn.memory().put(RECEIVED, received + 1);
            });
    turn.append(Message.user(mail.from() + ": " + mail.body()));
  }

  private static String share(int number) {
    return "share-" + number;
  }

  private static int received(Turn turn) {
    Object received = turn.memory().get(RECEIVED);
    return received == null ? 0 : number(received);
  }

  private static int number(Object value) {
    return ((Number) value).intValue();
  }

  private static void report(Turn turn) {
    int files = 0;
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < received(turn); i++) {
      TeamMail.Share share =
          JsonStateSerializer.fromJson(turn.memory().get(share(i)), TeamMail.Share.class);
      files += share.files();
      findings.addAll(share.findings());
    }
    Report report = Report.of(files, findings);
    turn.memory().put(REPORT, "written");
    turn.mail(Session.USER)
        .subject(REPORT)
        .body("%d findings in %d files".formatted(findings.size(), files))
        .metadata(Map.of("report", JsonStateSerializer.toJson(report)))
        .send();
    turn.append(Message.assistant("The report is written."));
    turn.result(Map.of("files", files, "findings", findings.size()));
  }
}
