package dev.torpor.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The keys of entries, all of them. Numbers and times in keys have a fixed width, so that keys sort
 * as what they mean; free text in keys must have been made a name first (a serializer does that:
 * the same text, the same name). Ids need no escaping: they hold no {@code /} and no {@code ~}.
 */
public final class Keys {
  public static final String IDS = "~id/";
  public static final String DELETED = "~deleted/";
  public static final String TASKS = "~task/";
  public static final String MAIL = "~mail/";
  public static final String DUE = "~due/";
  public static final String BROADCASTS = "~broadcast/";
  public static final String IMPORTS = "~import/";

  /** Agents that are brought back, and have not yet taken what came to them meanwhile. */
  public static final String UNTAKEN = "~untaken/";

  public static final String REMEMBERED = "~key/";
  public static final String UNDELIVERABLE = "~undeliverable/";

  /** The last event of any name. */
  public static final String LAST_EVENT = "~lastevent";

  /** Up to which sequence number what deleted agents had is given to nobody again. */
  public static final String ERASED = "~erased";

  /** How many agents have each status. */
  public static final String AGENT_COUNTS = "~agents";

  /** The kinds of timer, as they stand in a key of {@link #DUE}. */
  public static final String DUE_SLEEP = "sleep";

  public static final String DUE_TASK = "task";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** How far the last first half of a surrogate pair is from the first character behind them. */
  private static final int NEAR = Character.MAX_SURROGATE - Character.MAX_HIGH_SURROGATE;

  private Keys() {}

  /**
   * Compares keys as they sort: by their bytes in UTF-8. That is the order of Java's strings, but
   * for half of a surrogate pair beside a character behind them all: such two differ by more than
   * {@value #NEAR}.
   */
  public static int compare(String a, String b) {
    int order = a.compareTo(b);
    return Math.abs(order) <= NEAR
        ? order
        : Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
  }

  /** What sorts behind all that begins so, and before all else. */
  public static String behind(String prefix) {
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }

  // An agent's own entries.

  public static String agent(String agent) {
    return agent + "/";
  }

  public static String session(String agent) {
    return agent + "/session";
  }

  public static String sleep(String agent) {
    return agent + "/sleep";
  }

  public static String memory(String agent) {
    return agent + "/memory/";
  }

  public static String memory(String agent, String name) {
    return agent + "/memory/" + name;
  }

  public static String tasks(String agent) {
    return agent + "/task/";
  }

  public static String task(String agent, String task) {
    return agent + "/task/" + task;
  }

  public static String steps(String agent, String task) {
    return agent + "/step/" + task + "/";
  }

  public static String step(String agent, String task, int number) {
    return agent + "/step/" + task + "/" + padded(number, 10);
  }

  public static String messages(String agent) {
    return agent + "/message/";
  }

  public static String message(String agent, long index) {
    return agent + "/message/" + padded(index, 10);
  }

  public static String mail(String agent) {
    return agent + "/mail/";
  }

  public static String mail(String agent, String mail) {
    return agent + "/mail/" + mail;
  }

  public static String sent(String agent) {
    return agent + "/sent/";
  }

  public static String sent(String agent, String mail) {
    return agent + "/sent/" + mail;
  }

  /** What a damaged agent lost. */
  public static String loss(String agent) {
    return agent + "/loss";
  }

  /** What came to a damaged agent. */
  public static String deliveries(String agent) {
    return agent + "/delivery/";
  }

  public static String delivery(String agent, String id) {
    return agent + "/delivery/" + id;
  }

  /** What came to a damaged agent, in the order in which it came. */
  public static String kept(String agent) {
    return agent + "/kept/";
  }

  static String kept(String agent, Delivery delivery) {
    return kept(agent) + TIME.format(delivery.at()) + "/" + delivery.id();
  }

  /**
   * What all begins with that an agent has, but for its session, and for what is kept of a damaged
   * one: what it lost, and what came to it.
   */
  static List<String> contents(String agent) {
    return Stream.of("memory", "message", "mail", "mails", "sent", "task", "tasks", "step", "queue")
        .map(kind -> agent + "/" + kind + "/")
        .toList();
  }

  // Indexes, and what belongs to no agent.

  public static String id(String agent) {
    return IDS + agent.toLowerCase(Locale.ROOT);
  }

  public static String deleted(String agent) {
    return DELETED + agent.toLowerCase(Locale.ROOT);
  }

  /** Says that what came to an agent while it was damaged is still to be taken. */
  public static String untaken(String agent) {
    return UNTAKEN + agent;
  }

  /** Says that an agent is being imported, and that there is none yet. */
  public static String importing(String agent) {
    return IMPORTS + agent.toLowerCase(Locale.ROOT);
  }

  public static String status(AgentStatus status) {
    return "~status/" + lower(status) + "/";
  }

  /** The agents of a behavior that may have something to run. */
  public static String runnable(String behaviorName) {
    return "~runnable/" + behaviorName + "/";
  }

  public static String anyTask(String task) {
    return TASKS + task;
  }

  public static String tasks(TaskStatus status) {
    return "~tasks/" + lower(status) + "/";
  }

  public static String tasks(String agent, TaskStatus status) {
    return agent + "/tasks/" + lower(status) + "/";
  }

  /** The tasks of an agent that can run, in the order in which they will. */
  public static String queue(String agent) {
    return agent + "/queue/";
  }

  static String queued(Task task) {
    return queue(task.agentId())
        + (Priority.URGENT.ordinal() - task.priority().ordinal())
        + "/"
        + padded(task.order(), 20)
        + "/"
        + task.taskId();
  }

  public static String mail(String agent, MailStatus status) {
    return agent + "/mails/" + lower(status) + "/";
  }

  public static String anyMail(String mail) {
    return MAIL + mail;
  }

  public static String thread(String thread) {
    return "~thread/" + thread + "/";
  }

  public static String wakes(String eventName) {
    return "~wakes/" + eventName + "/";
  }

  public static String due(Instant time, String agent, String kind, String id) {
    return dueAt(time) + "/" + agent + "/" + kind + "/" + id;
  }

  /** What is due at a time, and nothing that is due before, sorts at or after this. */
  public static String dueAt(Instant time) {
    return DUE + TIME.format(time);
  }

  public static String event(String eventName) {
    return "~event/" + eventName;
  }

  public static String broadcast(long seq) {
    return BROADCASTS + padded(seq, 20);
  }

  public static String remembered(String method, String agent, String keyName) {
    return REMEMBERED + method + "/" + agent.toLowerCase(Locale.ROOT) + "/" + keyName;
  }

  /** The agent in a key of {@link #REMEMBERED}, in lower case; empty for none. */
  public static String rememberedAgent(String key) {
    int from = key.indexOf('/', REMEMBERED.length()) + 1;
    return key.substring(from, Math.max(from, key.indexOf('/', from)));
  }

  /** What the values of a key are; of an index entry, text. */
  public static Class<?> valueType(String key) {
    int slash = key.indexOf('/');
    boolean ofStore = key.startsWith("~");
    int end = ofStore ? slash : key.indexOf('/', slash + 1);
    String kind = key.substring(ofStore ? 0 : slash + 1, end < 0 ? key.length() : end);
    return switch (kind) {
      case "session" -> Session.class;
      case "sleep" -> Sleep.class;
      case "memory" -> MemoryItem.class;
      case "task" -> Task.class;
      case "step" -> Step.class;
      case "message" -> Message.class;
      case "mail", "sent" -> Mail.class;
      case "loss" -> Loss.class;
      case "delivery" -> Delivery.class;
      case "~event", LAST_EVENT -> Event.class;
      case AGENT_COUNTS -> AgentCounts.class;
      case "~broadcast" -> Broadcast.class;
      case "~key" -> Remembered.class;
      case "~deleted" -> Deleted.class;
      case ERASED -> Erased.class;
      case "~import" -> Importing.class;
      default -> String.class;
    };
  }

  /** What stands before the first slash of a key: of an agent's own entries, the agent. */
  public static String owner(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? key : key.substring(0, slash);
  }

  /** What follows the last slash of a key. */
  public static String last(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** The time in a key of {@link #DUE}. */
  public static Instant dueTime(String key) {
    return Instant.parse(key.substring(DUE.length(), key.indexOf('/', DUE.length())));
  }

  /** The agent in a key of {@link #DUE}. */
  public static String dueAgent(String key) {
    int from = key.indexOf('/', DUE.length()) + 1;
    return key.substring(from, key.indexOf('/', from));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String padded(long number, int width) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
