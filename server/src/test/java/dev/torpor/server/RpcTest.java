package dev.torpor.server;

import static dev.torpor.server.Rig.body;
import static dev.torpor.server.Rig.object;
import static dev.torpor.server.Rig.objects;
import static dev.torpor.server.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcTest {
  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(folder);
    rig.call("agent.create", "agent_id", "a");
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{} {}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"agent.list\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"agent.get\",\"params\":{\"a\":1,\"a\":2}}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"agent.list\"}",
        "{'jsonrpc':'2.0'}",
        "NaN"
      })
  void whatIsNoJsonIsAParseError(String body) {
    assertThat(rig.errorCode(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(-32700);
  }

  @Test
  void whatIsNotUtf8IsAParseError() {
    String call = body(1, "agent.get", "agent_id", "ä");
    assertThat(rig.errorCode(call.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(-32700);
    assertThat(rig.errorCode(call.getBytes(StandardCharsets.UTF_16))).isEqualTo(-32700);
    assertThat(rig.errorCode(call.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(-32700);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "null",
        "[]",
        "{}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"agent.list\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"agent.list\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"agent.list\",\"params\":3}"
      })
  void whatIsNoCallIsAnInvalidRequest(String body) {
    assertThat(rig.errorCode(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(-32600);
  }

  @Test
  void whatIsWrongWithABodyIsSaidWithoutTheParsersOwnWords() {
    assertThat(message("{\"jsonrpc\":\"2.0\""))
        .contains("end-of-input")
        .doesNotContain("REDACTED")
        .doesNotContain("[");
    assertThat(message("[" + "9".repeat(2000) + "]"))
        .isEqualTo("a number has more than 1000 characters (limit max_number_length)");
  }

  private String message(String body) {
    Map<String, Object> answer = object(Rig.read(rig.post(body).body()));
    return (String) object(answer.get("error")).get("message");
  }

  @Test
  void anUnknownMethodIsNotFound() {
    assertThat(rig.refused("agent.budget", "agent_id", "a")).containsEntry("code", -32601);
  }

  @Test
  void parametersByPositionAreRefused() {
    String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"agent.get\",\"params\":[\"a\"]}";
    assertThat(rig.errorCode(call.getBytes(StandardCharsets.UTF_8))).isEqualTo(-32602);
  }

  @Test
  void aBadParameterIsNamed() {
    assertThat(data("agent.get", "agent_id", 5)).containsEntry("field", "agent_id");
    assertThat(data("agent.get")).containsEntry("reason", "missing");
    assertThat(data("agent.get", "agent_id", "a", "agnet", 1))
        .containsEntry("reason", "unknown_parameter")
        .containsEntry("field", "agnet")
        .containsKey("hint");
    assertThat(data("agent.list", "limit", 1001)).containsEntry("field", "limit");
    assertThat(data("task.submit", "agent_id", "a", "prompt", "p", "priority", "asap"))
        .containsEntry("field", "priority");
    assertThat(data("task.submit", "agent_id", "a", "prompt", "p", "retry", Map.of("factor", 2)))
        .containsEntry("field", "retry.factor");
    assertThat(data("agent.sleep", "agent_id", "a", "until", "tomorrow"))
        .containsEntry("field", "until");
    assertThat(data("agent.sleep", "agent_id", "a", "duration_seconds", -1))
        .containsEntry("field", "duration_seconds");
  }

  private Map<String, Object> data(String method, Object... params) {
    Map<String, Object> error = rig.refused(method, params);
    assertThat(error).containsEntry("code", -32602);
    return object(error.get("data"));
  }

  @Test
  void anIdThatIsNoneIsALimit() {
    for (String method : List.of("agent.create", "agent.get", "context.history", "mail.list")) {
      assertThat(rig.refused(method, "agent_id", "../x")).containsEntry("code", -32003);
    }
  }

  @Test
  void deepNestingIsRefusedByItsLimit() {
    String deep = "[".repeat(100_000);
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"memory.put\",\"params\":{\"agent_id\":\"a\","
            + "\"key\":\"k\",\"value\":"
            + deep;
    Map<String, Object> answer = object(Rig.read(rig.post(call).body()));
    Map<String, Object> error = object(answer.get("error"));
    assertThat(error).containsEntry("code", -32003);
    assertThat(reason(error)).isEqualTo("max_nesting");
  }

  @Test
  void theDeepestValueThatIsTakenComesBack() {
    Object value = nested(64);
    rig.call("memory.put", "agent_id", "a", "key", "k", "value", value);
    rig.close();
    rig = new Rig(folder);
    assertThat(rig.torpor.memory("a", "k")).isEqualTo(value);
  }

  @Test
  void aValueThatIsTooDeepIsRefusedAndTheOtherCallsOfItsBatchAreNot() {
    String good = body(1, "memory.put", "agent_id", "a", "key", "k", "value", nested(64));
    String deep = body(2, "memory.put", "agent_id", "a", "key", "k", "value", nested(65));
    List<Map<String, Object>> answers =
        objects(Rig.read(rig.post("[" + good + "," + deep + "]").body()));
    assertThat(answers.get(0)).containsKey("result");
    Map<String, Object> error = object(answers.get(1).get("error"));
    assertThat(error).containsEntry("code", -32003);
    assertThat(object(error.get("data")))
        .containsEntry("reason", "max_nesting")
        .containsEntry("field", "value");
  }

  @Test
  void aKeyServesAnAgentHoweverMuchItRemembers() {
    for (int i = 0; i < 9; i++) {
      rig.call("memory.put", "agent_id", "a", "key", "k" + i, "value", "x".repeat(1 << 20));
    }
    Object[] stop = {"agent_id", "a", "idempotency_key", "s"};
    Map<String, Object> first = rig.call("agent.stop", stop);
    assertThat(first).containsEntry("status", "stopped");
    rig.call("agent.start", "agent_id", "a");
    assertThat(rig.call("agent.stop", stop)).isEqualTo(first);
    rig.call("agent.delete", "agent_id", "a");
    assertThat(rig.call("agent.stop", stop))
        .containsEntry("status", "stopped")
        .containsEntry("working_memory", Map.of());
  }

  private static Object nested(int depth) {
    Object value = List.of();
    for (int i = 1; i < depth; i++) {
      value = i % 2 == 0 ? List.of(value) : Map.of("a", value);
    }
    return value;
  }

  @Test
  void hugeAndTinyNumbersComeBack() {
    for (String number : List.of("1e400", "1e-400", "123456789012345678901234567890", "0.1")) {
      String call =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"memory.put\",\"params\":{\"agent_id\":\"a\","
              + "\"key\":\"k\",\"value\":"
              + number
              + "}}";
      assertThat(object(Rig.read(rig.post(call).body()))).containsKey("result");
      assertThat(rig.call("memory.get", "agent_id", "a", "key", "k").get("value"))
          .hasToString(new java.math.BigDecimal(number).toString());
    }
  }

  @Test
  void aNotificationIsDoneAndNotAnswered() {
    HttpResponse<byte[]> response =
        rig.post(body(null, "memory.put", "agent_id", "a", "key", "k", "value", 1));
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    assertThat(rig.call("memory.get", "agent_id", "a", "key", "k")).containsEntry("value", 1);
    assertThat(rig.post(body(null, "no.such")).body()).isEmpty();
  }

  @Test
  void aBatchIsDoneInItsOrderAndAnsweredInIt() {
    List<Object> calls =
        List.of(
            append(1, "one"),
            append(2, "two"),
            call(3, "context.history"),
            call(null, "agent.stop"),
            7,
            call(5, "agent.get"),
            call(6, "no.such"));
    List<Map<String, Object>> answers = batch(calls);
    assertThat(answers).extracting(a -> a.get("id")).containsExactly(1, 2, 3, null, 5, 6);
    assertThat(answers.get(1).get("result")).isEqualTo(Map.of("index", 1));
    assertThat(object(answers.get(2).get("result"))).containsEntry("total", 2);
    assertThat(object(answers.get(4).get("result"))).containsEntry("status", "stopped");
    assertThat(object(answers.get(5).get("error"))).containsEntry("code", -32601);
  }

  @Test
  void aBatchHasAThousandCallsAtMost() {
    List<Object> calls = new ArrayList<>(Collections.nCopies(1000, append(1, "x")));
    assertThat(batch(calls)).hasSize(1000).allSatisfy(a -> assertThat(a).containsKey("result"));
    calls.add(append(1, "x"));
    assertThat(rig.errorCode(JsonText.write(calls))).isEqualTo(-32003);
    assertThat(rig.call("context.history", "agent_id", "a")).containsEntry("total", 1000);
  }

  private List<Map<String, Object>> batch(List<Object> calls) {
    return objects(Rig.read(rig.post(JsonText.write(calls)).body()));
  }

  private static Object append(int id, String text) {
    return Rig.read(
        body(id, "context.append", "agent_id", "a", "role", "user", "content", text)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static Object call(Integer id, String method) {
    return Rig.read(body(id, method, "agent_id", "a").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theSameKeyGetsTheSameAnswerOverARestart() {
    Object[] submit = {"agent_id", "a", "prompt", "p", "idempotency_key", "k1"};
    Object id = rig.call("task.submit", submit).get("task_id");
    assertThat(rig.call("task.submit", submit)).containsEntry("task_id", id);
    rig.close();
    rig = new Rig(folder);
    assertThat(rig.call("task.submit", submit)).containsEntry("task_id", id);
    Map<String, Object> error =
        rig.refused("task.submit", "agent_id", "a", "prompt", "q", "idempotency_key", "k1");
    assertThat(error).containsEntry("code", -32002);
    assertThat(reason(error)).isEqualTo("idempotency_key_reused");
  }

  @Test
  void anotherVersionThanExpectedIsAConflict() {
    rig.call("memory.put", "agent_id", "a", "key", "k", "value", 1, "expected_version", 1);
    Map<String, Object> error =
        rig.refused("memory.put", "agent_id", "a", "key", "k", "value", 2, "expected_version", 1);
    assertThat(error).containsEntry("code", -32002);
    assertThat(object(error.get("data"))).containsEntry("field", "expected_version");
  }
}
