package dev.torpor.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.state.Change;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.TaskSpec;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonStateSerializerTest {

  private final StateSerializer json = new JsonStateSerializer();

  private String write(Object value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    json.write(value, out);
    return out.toString(UTF_8);
  }

  @Test
  void onlyAChangeIsWrittenWithItsType() throws Exception {
    assertThat(write(new Change.AgentStarted("a", 3)))
        .isEqualTo("{\"type\":\"agent_started\",\"agent\":\"a\",\"version\":3}");
    assertThat(write(new MemoryItem("k", 1))).doesNotContain("type");
  }

  @Test
  void aDurationIsItsSecondsToTheNanosecond() throws Exception {
    for (Duration timeout :
        List.of(Duration.ofNanos(1), Duration.ofMillis(1500), Duration.ofDays(400))) {
      TaskSpec spec = TaskSpec.of("p").timeout(timeout);
      byte[] bytes = write(spec).getBytes(UTF_8);
      assertThat(json.read(TaskSpec.class, bytes, 0, bytes.length)).isEqualTo(spec);
    }
  }

  @Test
  void aRecordBecomesPlainJavaAndARecordAgain() {
    TaskSpec spec = TaskSpec.of("p").timeout(Duration.ofSeconds(2));
    Object plain = JsonStateSerializer.toJson(spec);
    assertThat(plain).isInstanceOf(Map.class);
    assertThat(JsonStateSerializer.fromJson(plain, TaskSpec.class)).isEqualTo(spec);
    assertThat(JsonStateSerializer.toJson(null)).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonStateSerializer.fromJson(List.of(1), TaskSpec.class))
        .withMessageStartingWith("not a TaskSpec: ");
  }

  @Test
  void whatCanBeWrittenCanBeRead() throws Exception {
    MemoryItem item = new MemoryItem("k", Map.of("n".repeat(60_000), BigInteger.TEN.pow(120_000)));
    byte[] bytes = write(item).getBytes(UTF_8);
    assertThat(json.read(MemoryItem.class, bytes, 0, bytes.length).equals(item)).isTrue();
  }

  @Test
  void aWriterWritesValuesOneBehindTheOtherAndGoesOnAfterOneThatFails() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StateSerializer.ValueWriter writer = json.writer(out);
    writer.write(new Change.AgentStopped("alice", 3));
    writer.write(new Change.AgentStarted("alice", 4));
    ByteArrayOutputStream each = new ByteArrayOutputStream();
    json.write(new Change.AgentStopped("alice", 3), each);
    json.write(new Change.AgentStarted("alice", 4), each);
    assertThat(out.toByteArray()).isEqualTo(each.toByteArray());

    assertThatThrownBy(() -> writer.write(new Unwritable())).isInstanceOf(RuntimeException.class);
    out.reset();
    writer.write(new Change.AgentStarted("alice", 4));
    assertThat(out.toString(UTF_8))
        .isEqualTo("{\"type\":\"agent_started\",\"agent\":\"alice\",\"version\":4}");
  }

  private static final class Unwritable {
    public String getName() {
      throw new IllegalStateException("cannot be read");
    }
  }
}
