package dev.torpor.cli.demo;

import dev.torpor.Turn;
import dev.torpor.state.Mail;
import dev.torpor.store.JsonStateSerializer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the team's members write to their lead: words for people, and the same as data. */
final class TeamMail {
  private TeamMail() {}

  /** The indexer says how many tasks it gave out: so many mails with findings will come. */
  record Plan(int files, int tasks) {}

  /** A reviewer or the tester says what it found in its share. */
  record Share(int files, List<Finding> findings) {
    Share {
      findings = List.copyOf(findings);
    }
  }

  static void send(Turn turn, String subject, String body, Record content) {
    turn.mail(ReviewTeam.LEAD)
        .subject(subject)
        .body(body)
        .metadata(Map.of(content.getClass().getSimpleName(), JsonStateSerializer.toJson(content)))
        .send();
  }

  /** The content of a mail; empty when it has none of this type. */
  static <T extends Record> Optional<T> content(Mail mail, Class<T> type) {
    Object json = mail.metadata().get(type.getSimpleName());
    return Optional.ofNullable(json).map(found -> JsonStateSerializer.fromJson(found, type));
  }
}
