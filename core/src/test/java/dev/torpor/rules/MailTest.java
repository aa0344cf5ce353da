package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MailCounts;
import dev.torpor.state.MailStatus;
import dev.torpor.state.Priority;
import dev.torpor.state.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailTest {
  private final World world = new World();

  @BeforeEach
  void create() {
    world.create("alice", "bob");
  }

  private Mail send(MailDraft draft) {
    return world.ask(new Request.SendMail(draft)).mail().getFirst();
  }

  private Mail ask() {
    return send(MailDraft.of("alice", "bob", "leak", "where?").expectsReply(true, null));
  }

  private MailCounts counts(String id) {
    return world.agent(id).session().mail();
  }

  private List<String> thread(Mail mail) {
    List<String> ids = new ArrayList<>();
    world
        .table
        .scan(Keys.thread(mail.threadId()))
        .forEachRemaining(e -> ids.add(Keys.last(e.key())));
    return ids;
  }

  @Test
  void aMailIsUnreadWithItsAddresseeAndKeptWithItsSender() {
    Mail mail = send(MailDraft.of("alice", "bob", "s", "b").metadata(Map.of("k", 1)));
    assertThat(world.agent("bob").mail(mail.messageId())).isEqualTo(mail);
    assertThat(world.agent("alice").sent(mail.messageId())).isEqualTo(mail);
    assertThat(mail.status()).isEqualTo(MailStatus.UNREAD);
    assertThat(mail.sentAt()).isEqualTo(world.now);
    assertThat(mail.threadId()).isEqualTo(mail.messageId());
    assertThat(counts("bob")).isEqualTo(new MailCounts(1, 0));
  }

  @Test
  void aReplyEndsTheWaitForItAndStandsInTheSameThread() {
    Mail mail = ask();
    assertThat(counts("alice")).isEqualTo(new MailCounts(0, 1));
    Mail reply = world.ask(new Request.ReplyToMail(mail.messageId(), null, "here"));
    assertThat(reply.subject()).isEqualTo("Re: leak");
    assertThat(reply.from()).isEqualTo("bob");
    assertThat(reply.to()).isEqualTo("alice");
    assertThat(reply.threadId()).isEqualTo(mail.messageId());
    assertThat(counts("alice")).isEqualTo(new MailCounts(1, 0));
    assertThat(counts("bob")).isEqualTo(new MailCounts(0, 0));
    Mail answered = world.agent("bob").mail(mail.messageId());
    assertThat(answered.status()).isEqualTo(MailStatus.REPLIED);
    assertThat(answered.readAt()).isEqualTo(world.now);
    assertThat(world.agent("alice").sent(mail.messageId()).status()).isEqualTo(MailStatus.REPLIED);
    Mail again = world.ask(new Request.ReplyToMail(reply.messageId(), "alice", "thanks"));
    assertThat(again.subject()).isEqualTo("Re: leak");
    assertThat(thread(mail))
        .containsExactly(mail.messageId(), reply.messageId(), again.messageId());
  }

  @Test
  void aSecondReplyCountsNoSecondTime() {
    Mail mail = ask();
    ask();
    world.ask(new Request.ReplyToMail(mail.messageId(), null, "one"));
    world.ask(new Request.ReplyToMail(mail.messageId(), null, "two"));
    assertThat(counts("alice")).isEqualTo(new MailCounts(2, 1));
  }

  @Test
  void onlyTheAddresseeCanReply() {
    Mail mail = ask();
    Refusal refusal = world.refusal(new Request.ReplyToMail(mail.messageId(), "alice", "me"));
    assertThat(refusal.reason()).isEqualTo("not_addressee");
  }

  @Test
  void aMailToSeveralIsOneEachInOneThread() {
    List<Mail> sent =
        world
            .ask(
                new Request.SendMail(
                    new MailDraft(
                        "alice",
                        List.of("bob", "user", "nobody"),
                        "s",
                        "b",
                        Priority.LOW,
                        null,
                        false,
                        null,
                        Map.of())))
            .mail();
    assertThat(sent).extracting(Mail::to).containsExactly("bob", "user", "nobody");
    assertThat(sent)
        .extracting(Mail::status)
        .containsExactly(MailStatus.UNREAD, MailStatus.UNREAD, MailStatus.UNDELIVERABLE);
    assertThat(sent).extracting(Mail::threadId).containsOnly(sent.getFirst().messageId());
    assertThat(thread(sent.getFirst())).hasSize(3);
  }

  @Test
  void mailToOneselfIsReceivedAndAnswered() {
    Mail mail = send(MailDraft.of("alice", "alice", "s", "b").expectsReply(true, null));
    assertThat(counts("alice")).isEqualTo(new MailCounts(1, 1));
    world.ask(new Request.ReplyToMail(mail.messageId(), null, "b"));
    assertThat(counts("alice")).isEqualTo(new MailCounts(1, 0));
    assertThat(world.agent("alice").mail(mail.messageId()).status()).isEqualTo(MailStatus.REPLIED);
  }

  @Test
  void mailThatReachesNobodyWaitsForNoReplyAndCannotBeAnsweredOrArchived() {
    Mail mail = send(MailDraft.of("alice", "nobody", "s", "b").expectsReply(true, null));
    assertThat(mail.status()).isEqualTo(MailStatus.UNDELIVERABLE);
    assertThat(counts("alice")).isEqualTo(new MailCounts(0, 0));
    assertThat(world.table.get(Keys.UNDELIVERABLE + mail.messageId()).value()).isEqualTo("alice");
    assertThat(world.refusal(new Request.ReplyToMail(mail.messageId(), null, "b")).reason())
        .isEqualTo("undeliverable");
    assertThat(world.refusal(new Request.ArchiveMail(mail.messageId())).reason())
        .isEqualTo("undeliverable");
  }

  @Test
  void mailToADeletedAgentIsUndeliverable() {
    Mail before = ask();
    world.ask(new Request.DeleteAgent("bob"));
    assertThat(ask().status()).isEqualTo(MailStatus.UNDELIVERABLE);
    assertThat(world.refusal(new Request.ReplyToMail(before.messageId(), null, "b")).reason())
        .isEqualTo("mail_not_found");
  }

  @Test
  void takenMailIsReadOnceAndOldestFirst() {
    Mail first = ask();
    Mail second = ask();
    assertThat(world.ask(new Request.TakeMail("bob", 1)).mail())
        .singleElement()
        .satisfies(mail -> assertThat(mail.messageId()).isEqualTo(first.messageId()))
        .satisfies(mail -> assertThat(mail.status()).isEqualTo(MailStatus.READ));
    assertThat(world.ask(new Request.TakeMail("bob", 10)).mail())
        .extracting(Mail::messageId)
        .containsExactly(second.messageId());
    assertThat(world.ask(new Request.TakeMail("bob", 10)).mail()).isEmpty();
    assertThat(world.last).isEmpty();
  }

  @Test
  void anAcknowledgedMailKeepsTheTimeAtWhichItWasReadFirst() {
    Mail mail = ask();
    var first = world.now;
    List<String> ids = List.of(mail.messageId(), mail.messageId());
    assertThat(world.ask(new Request.AcknowledgeMail("bob", ids))).isEqualTo(1);
    world.pass(java.time.Duration.ofHours(1));
    assertThat(world.ask(new Request.AcknowledgeMail("bob", ids))).isEqualTo(1);
    assertThat(world.agent("bob").mail(mail.messageId()).readAt()).isEqualTo(first);
    assertThat(counts("bob")).isEqualTo(new MailCounts(0, 0));
  }

  @Test
  void anArchivedMailIsNoLongerUnreadAndIsArchivedOnce() {
    Mail mail = ask();
    assertThat(world.ask(new Request.ArchiveMail(mail.messageId())).status())
        .isEqualTo(MailStatus.ARCHIVED);
    assertThat(counts("bob")).isEqualTo(new MailCounts(0, 0));
    world.ask(new Request.ArchiveMail(mail.messageId()));
    assertThat(world.last).isEmpty();
  }

  @Test
  void aMailNeedsAnAddresseeAndAMailThatItAnswers() {
    MailDraft draft = MailDraft.of("alice", "bob", "s", "b");
    assertThat(world.refusal(new Request.SendMail(draft.replyTo("no"))).field())
        .isEqualTo("reply_to");
    MailDraft toNobody =
        new MailDraft("alice", List.of(), "s", "b", Priority.LOW, null, false, null, Map.of());
    assertThat(world.refusal(new Request.SendMail(toNobody)).field()).isEqualTo("to");
    assertThat(world.refusal(new Request.SendMail(MailDraft.of("alice", "a/b", "s", "b"))).field())
        .isEqualTo("to");
  }
}
