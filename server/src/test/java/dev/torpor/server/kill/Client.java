package dev.torpor.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * One client at work: it changes and reads, and keeps what it was told. Its requests carry keys,
 * and it asks again until it is answered, so what it did not hear of has happened once or will.
 */
final class Client implements Runnable {
  /** What agents are told that are deleted soon. */
  static final String FORGOTTEN = "zyzzyva ";

  /** So old is nobody. */
  static final int NOBODY_SECONDS = 1_000_000_000;

  private final String name;
  private final String agent;
  private final String sleeper;
  private final String filer;
  private final Rpc rpc;
  private final Random random;
  private volatile boolean stopping;
  private int number;

  final List<String> messages = new ArrayList<>();
  final List<Long> places = new ArrayList<>();
  final List<String> subjects = new ArrayList<>();
  final List<String> tasks = new ArrayList<>();
  final Map<String, String> stepsSeen = new HashMap<>();
  int remembered;
  private long versionSeen;
  private final List<Object[]> answered = new ArrayList<>();
  volatile Throwable failure;

  Client(int index, int agents, Rpc rpc, long seed) {
    this.name = "client-" + index;
    this.agent = "agent-" + index % agents;
    this.sleeper = "sleeper-" + index % agents;
    this.filer = "filer-" + index % agents;
    this.rpc = rpc;
    this.random = new Random(seed + index);
  }

  String agent() {
    return agent;
  }

  String memoryKey() {
    return name;
  }

  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        act(random.nextInt(10));
      }
    } catch (Throwable t) {
      failure = t;
    }
  }

  private void act(int what) throws InterruptedException {
    number++;
    String key = name + "-" + number;
    switch (what) {
      case 0, 1 -> {
        String text = "message " + key;
        JsonNode answer =
            change("context.append", key, "agent_id", agent, "role", "user", "content", text);
        messages.add(text);
        places.add(answer.get("index").asLong());
      }
      case 2 -> {
        change("memory.put", key, "agent_id", agent, "key", name, "value", number);
        remembered = number;
      }
      case 3 -> {
        String subject = "mail " + key;
        change("mail.send", key, "from", agent, "to", "user", "subject", subject, "body", "b");
        subjects.add(subject);
      }
      case 4 -> {
        String prompt = "task " + key;
        JsonNode task = change("task.submit", key, "agent_id", filer, "prompt", prompt);
        tasks.add(task.get("task_id").asString());
      }
      case 5 -> change("agent.sleep", key, "agent_id", sleeper, "duration_seconds", 0.05);
      case 6 -> readTask();
      case 7 -> readVersion();
      case 8 -> forget(key);
      default -> askAgain();
    }
  }

  /** Creates an agent, tells it something, deletes it, and now and then has it erased. */
  private void forget(String key) throws InterruptedException {
    String id = "brief-" + key;
    ask("agent.create", key, "agent_id", id);
    ask("context.append", key, "agent_id", id, "role", "user", "content", FORGOTTEN + key);
    ask("agent.delete", key, "agent_id", id);
    if (random.nextInt(3) == 0) {
      rpc.call("state.clean_up", "max_age_seconds", NOBODY_SECONDS);
    }
  }

  private JsonNode change(String method, String key, Object... params) throws InterruptedException {
    Object[] all = withKey(key, params);
    JsonNode answer = rpc.call(method, all);
    answered.add(new Object[] {method, all, answer});
    return answer;
  }

  /** {@link #change}, of which the answer may be forgotten. */
  private void ask(String method, String key, Object... params) throws InterruptedException {
    rpc.call(method, withKey(key, params));
  }

  private static Object[] withKey(String key, Object... params) {
    Object[] all = java.util.Arrays.copyOf(params, params.length + 2);
    all[params.length] = "idempotency_key";
    all[params.length + 1] = key;
    return all;
  }

  /** What was answered is answered the same, and nothing changes. */
  private void askAgain() throws InterruptedException {
    if (!answered.isEmpty()) {
      Object[] before = answered.get(random.nextInt(answered.size()));
      assertThat(rpc.call((String) before[0], (Object[]) before[1]))
          .as("%s asked again", before[0])
          .isEqualTo(before[2]);
    }
  }

  /** A step that was shown with a result is shown with that result for ever. */
  private void readTask() throws InterruptedException {
    if (!tasks.isEmpty()) {
      String id = tasks.get(tasks.size() - 1 - random.nextInt(Math.min(5, tasks.size())));
      see(rpc.call("task.get", "task_id", id));
    }
  }

  void see(JsonNode task) {
    String id = task.get("task_id").asString();
    for (JsonNode step : task.get("steps")) {
      String result = step.get("result").asString();
      String before = stepsSeen.put(id + " " + step.get("name").asString(), result);
      assertThat(before).as("a finished step ran again").isIn(null, result);
    }
  }

  private void readVersion() throws InterruptedException {
    long version = rpc.call("agent.get", "agent_id", agent).get("version").asLong();
    assertThat(version).as("what was shown is gone").isGreaterThanOrEqualTo(versionSeen);
    versionSeen = version;
  }
}
