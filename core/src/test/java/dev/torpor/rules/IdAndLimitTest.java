package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Refusal.Kind;
import dev.torpor.state.Limits;
import dev.torpor.state.MailStatus;
import dev.torpor.state.Message;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not let in at the door. */
class IdAndLimitTest {
  private final World world = new World();

  @BeforeEach
  void create() {
    world.create("alice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a/b",
        "/",
        "..",
        ".",
        ".a",
        "a.",
        "a\0",
        "\0",
        "a b",
        "a\n",
        "ä",
        "~id",
        "a%2f",
        "a\\b",
        "CON",
        "con",
        "nul",
        "Nul.txt",
        "com1",
        "LPT9.json",
        "aux",
        "prn"
      })
  void whatCannotNameAFileIsNoId(String id) {
    Refusal refusal = world.refusal(World.creation(id));
    assertThat(refusal.kind()).isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(refusal.reason()).isEqualTo("id");
    assertThat(refusal.field()).isEqualTo("agent_id");
    assertThat(refusal.getMessage()).doesNotContain("\0").doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A1", "a.b", "a..b", "-", "_", "0", "console", "com10", "alice_123"})
  void otherIdsAreIds(String id) {
    world.create(id);
    assertThat(world.agent(id).version()).isEqualTo(1);
  }

  @Test
  void anIdHasAtMost128Characters() {
    world.create("a".repeat(128));
    Refusal refusal = world.refusal(World.creation("b".repeat(129)));
    assertThat(refusal.reason()).isEqualTo("id");
    assertThat(refusal.getMessage().length()).isLessThan(250);
  }

  @Test
  void idsThatDifferInCaseOnlyAreOne() {
    Refusal refusal = world.refusal(World.creation("Alice"));
    assertThat(refusal.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(refusal.reason()).isEqualTo("agent_exists");
    assertThat(refusal.getMessage()).contains("'alice'").contains("case");
    assertThat(world.refusal(World.creation("alice")).getMessage()).contains("exists already");
  }

  @Test
  void theMailboxForPeopleIsNoAgentInAnyCase() {
    assertThat(world.refusal(World.creation("user")).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(world.refusal(World.creation("User")).kind()).isEqualTo(Kind.CONFLICT);
    for (Request<?> request :
        List.of(
            new Request.SubmitTask("user", TaskSpec.of("p")),
            new Request.StartAgent("user"),
            new Request.StopAgent("user"),
            new Request.DeleteAgent("user"),
            new Request.WakeAgent("user", null),
            new Request.PutToSleep("user", World.until("e")),
            new Request.AppendMessage("user", Message.user("m")),
            new Request.PutMemory("user", "k", 1),
            new Request.RemoveMemory("user", "k"),
            new Request.UpdateAgent("user", "n", null, null, null, null))) {
      assertThat(world.refusal(request).kind()).isEqualTo(Kind.NOT_FOUND);
    }
    assertThat(world.ask(new Request.TakeMail("user", 10)).mail()).isEmpty();
    assertThat(world.ask(new Request.AcknowledgeMail("user", List.of()))).isEqualTo(0L);
  }

  @Test
  void whatAddressesNobodyIsNotFound() {
    for (Request<?> request :
        List.of(
            new Request.SubmitTask("bob", TaskSpec.of("p")),
            new Request.StartAgent("bob"),
            new Request.SendMail(MailDraft.of("bob", "alice", "s", "b")),
            new Request.PutMemory("bob", "k", 1),
            new Request.CancelTask("no", null),
            new Request.ArchiveMail("no"),
            new Request.ReplyToMail("no", null, "b"),
            new Request.AcknowledgeMail("alice", List.of("no")))) {
      assertThat(world.refusal(request).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void aFullQueueRefusesAndNamesItsLimit() {
    world.limits = new Limits(128, 100, 256, 100, 128, 2, 2, 1000, 20);
    world.submit("alice");
    world.submit("alice");
    Refusal refusal = world.refusal(new Request.SubmitTask("alice", TaskSpec.of("p")));
    assertThat(refusal.kind()).isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(refusal.reason()).isEqualTo("max_pending_tasks");
    world.start("alice");
    world.submit("alice");
  }

  @Test
  void aFullMailboxMakesMailUndeliverableAndSaysSo() {
    world.limits = new Limits(128, 100, 256, 100, 128, 2, 2, 1000, 20);
    world.create("bob");
    Request.SendMail send = new Request.SendMail(MailDraft.of("bob", "alice", "s", "b"));
    world.ask(send);
    world.ask(send);
    var third = world.ask(send).mail().getFirst();
    assertThat(third.status()).isEqualTo(MailStatus.UNDELIVERABLE);
    assertThat(world.agent("alice").session().mail().unread()).isEqualTo(2);
    assertThat(world.agent("bob").sent(third.messageId()).status())
        .isEqualTo(MailStatus.UNDELIVERABLE);
    world.ask(new Request.TakeMail("alice", 1));
    assertThat(world.ask(send).mail().getFirst().status()).isEqualTo(MailStatus.UNREAD);
  }

  @Test
  void longTextsAreRefusedByTheirBytesAndNotByTheirCharacters() {
    world.limits = new Limits(128, 10, 4, 10, 5, 10, 10, 1000, 20);
    String ten = "ä".repeat(5);
    String eleven = ten + "x";
    world.ask(new Request.SubmitTask("alice", TaskSpec.of(ten)));
    assertLimit(new Request.SubmitTask("alice", TaskSpec.of(eleven)), "max_prompt_bytes");
    assertLimit(
        new Request.SubmitTask("alice", TaskSpec.of("p").payload(eleven)), "max_payload_bytes");
    world.ask(new Request.AppendMessage("alice", Message.user(ten)));
    assertLimit(new Request.AppendMessage("alice", Message.user(eleven)), "max_content_bytes");
    assertLimit(new Request.SendMail(MailDraft.of("alice", "user", "s", eleven)), "max_body_bytes");
    world.ask(new Request.PutMemory("alice", "ää", 1));
    assertLimit(new Request.PutMemory("alice", "äää", 1), "max_memory_key_bytes");
    assertLimit(new Request.PutMemory("alice", "k", List.of(eleven)), "max_memory_value_bytes");
    assertThat(world.refusal(new Request.PutMemory("alice", "", 1)).kind()).isEqualTo(Kind.INVALID);
    assertLimit(new Request.PutToSleep("alice", World.until("events")), "max_event_length");
    assertLimit(new Request.PutToSleep("alice", World.until("")), "max_event_length");
    assertLimit(
        new Request.PutToSleep(
            "alice", World.until(Collections.nCopies(101, "e").toArray(String[]::new))),
        "max_wake_events");
  }

  @Test
  void namesAndSettingsHaveLimitsToo() {
    String name = "n".repeat(1025);
    assertLimit(new Request.UpdateAgent("alice", name, null, null, null, null), "max_name_bytes");
    assertLimit(
        new Request.SendMail(MailDraft.of("alice", "user", name, "b")), "max_subject_bytes");
    assertLimit(new Request.WakeAgent("alice", name), "max_reason_bytes");
    assertLimit(
        new Request.UpdateAgent("alice", null, null, Map.of("k", "v".repeat(1 << 20)), null, null),
        "max_configuration_bytes");
    assertLimit(
        new Request.SendMail(
            new MailDraft(
                "alice",
                Collections.nCopies(1001, "user"),
                "s",
                "b",
                dev.torpor.state.Priority.NORMAL,
                null,
                false,
                null,
                Map.of())),
        "max_addressees");
    assertThat(world.refusal(new Request.UpdateAgent("alice", null, " ", null, null, null)).field())
        .isEqualTo("behavior");
    assertLimit(
        new Request.AcknowledgeMail("alice", Collections.nCopies(1001, "m")), "max_message_ids");
  }

  private void assertLimit(Request<?> request, String limit) {
    Refusal refusal = world.refusal(request);
    assertThat(refusal.kind()).isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(refusal.reason()).isEqualTo(limit);
  }

  @Test
  void aTaskThatMakesNoSenseIsRefusedAndNamesTheField() {
    TaskSpec spec = TaskSpec.of("p");
    assertInvalid(spec.maxAttempts(0), "max_attempts");
    assertInvalid(spec.maxAttempts(1001), "max_attempts");
    assertInvalid(spec.timeout(Duration.ZERO), "timeout_seconds");
    assertInvalid(spec.timeout(Duration.ofMillis(-1)), "timeout_seconds");
    assertInvalid(spec.timeout(Duration.ofSeconds(Long.MAX_VALUE)), "timeout_seconds");
    assertInvalid(spec.type(" "), "type");
    assertInvalid(spec.notBefore(Instant.MAX), "not_before");
  }

  private void assertInvalid(TaskSpec spec, String field) {
    Refusal refusal = world.refusal(new Request.SubmitTask("alice", spec));
    assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
    assertThat(refusal.field()).isEqualTo(field);
  }

  @Test
  void aSleepThatMakesNoSenseIsRefusedAndNamesTheField() {
    Duration hour = Duration.ofHours(1);
    assertInvalid(new SleepDraft(hour, world.now, List.of(), null, false), "until");
    assertInvalid(new SleepDraft(hour.negated(), null, List.of(), null, false), "duration_seconds");
    assertInvalid(
        new SleepDraft(Duration.ofSeconds(Long.MAX_VALUE), null, List.of(), null, false),
        "duration_seconds");
    assertInvalid(new SleepDraft(null, Instant.MAX, List.of(), null, false), "until");
  }

  private void assertInvalid(SleepDraft sleep, String field) {
    Refusal refusal = world.refusal(new Request.PutToSleep("alice", sleep));
    assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
    assertThat(refusal.field()).isEqualTo(field);
  }
}
