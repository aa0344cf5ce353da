package dev.torpor.server;

import static dev.torpor.server.Rig.objects;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailMethodsTest {
  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(folder);
    rig.call("agent.create", "agent_id", "a");
    rig.call("agent.create", "agent_id", "b");
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private Map<String, Object> send(Object to) {
    return rig.call(
        "mail.send", "from", "a", "to", to, "subject", "s", "body", "text", "expects_reply", true);
  }

  @Test
  void mailToOneIsAMail() {
    assertThat(send("b"))
        .containsEntry("from", "a")
        .containsEntry("to", "b")
        .containsEntry("subject", "s")
        .containsEntry("body", "text")
        .containsEntry("priority", "normal")
        .containsEntry("status", "unread")
        .containsKeys("message_id", "thread_id", "sent_at");
  }

  @Test
  void mailToSeveralIsOneEachAndSaysWhoCannotGetIt() {
    List<Map<String, Object>> mail = objects(send(List.of("b", "nobody", "user")).get("mail"));
    assertThat(mail)
        .extracting(m -> m.get("status"))
        .containsExactly("unread", "undeliverable", "unread");
    assertThat(mail).extracting(m -> m.get("thread_id")).containsOnly(mail.get(0).get("thread_id"));
  }

  @Test
  void checkingLeavesMailUnreadUntilItIsAcknowledged() {
    Object id = send("b").get("message_id");
    assertThat(unread("b")).hasSize(1);
    assertThat(unread("b")).hasSize(1);
    assertThat(rig.call("mail.acknowledge", "agent_id", "b", "message_ids", List.of(id)))
        .isEqualTo(Map.of("acknowledged", 1));
    assertThat(unread("b")).isEmpty();
    List<Map<String, Object>> read =
        objects(rig.call("mail.list", "agent_id", "b", "status", "read").get("mail"));
    assertThat(read.getFirst()).containsKey("read_at");
  }

  @Test
  void checkingCanMarkAsRead() {
    send("b");
    assertThat(objects(rig.call("mail.check", "agent_id", "b", "mark_read", true).get("mail")))
        .hasSize(1);
    assertThat(unread("b")).isEmpty();
  }

  private List<Map<String, Object>> unread(String agent) {
    return objects(rig.call("mail.check", "agent_id", agent).get("mail"));
  }

  @Test
  void waitingEndsWhenMailComes() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> rig.call("mail.wait", "agent_id", "b", "timeout_seconds", 30));
    send("b");
    assertThat(objects(waiting.get().get("mail"))).hasSize(1);
    assertThat(objects(rig.call("mail.wait", "agent_id", "a", "timeout_seconds", 0).get("mail")))
        .isEmpty();
  }

  @Test
  void aReplyIsInTheThreadOfWhatItAnswers() {
    Object id = send("b").get("message_id");
    Map<String, Object> reply = rig.call("mail.reply", "message_id", id, "body", "yes");
    assertThat(reply)
        .containsEntry("from", "b")
        .containsEntry("to", "a")
        .containsEntry("reply_to", id);
    assertThat(objects(rig.call("mail.thread", "message_id", id).get("mail")))
        .extracting(mail -> mail.get("body"))
        .containsExactly("text", "yes");
    assertThat(rig.call("mail.archive", "message_id", id)).containsEntry("status", "archived");
    assertThat(rig.refused("mail.archive", "message_id", "none")).containsEntry("code", -32001);
  }

  @Test
  void receivedMailIsListedByPages() {
    for (int i = 0; i < 3; i++) {
      send("user");
    }
    Map<String, Object> first = rig.call("mail.list", "agent_id", "user", "limit", 2);
    Map<String, Object> rest =
        rig.call("mail.list", "agent_id", "user", "limit", 2, "cursor", first.get("next_cursor"));
    assertThat(objects(first.get("mail"))).hasSize(2);
    assertThat(objects(rest.get("mail"))).hasSize(1);
    assertThat(rest).doesNotContainKey("next_cursor");
  }
}
