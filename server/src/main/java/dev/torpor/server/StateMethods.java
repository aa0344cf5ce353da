package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.rules.Request;
import dev.torpor.state.AgentCounts;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Session;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckpointReport;
import dev.torpor.store.DocumentsLag;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.ScrubReport;
import dev.torpor.store.StoreStats;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code state.*} and {@code runtime.info}. */
final class StateMethods {
  /** A request that changes nothing. */
  static final Request<Long> NOTHING = new Request.AcknowledgeMail(Session.USER, List.of());

  private final Torpor torpor;
  private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
  private final String node = node();

  StateMethods(Torpor torpor) {
    this.torpor = torpor;
  }

  void addTo(Methods methods) {
    methods.reading("state.stats", _ -> stats());
    methods.reading("state.checkpoint", _ -> checkpoint());
    methods.reading("state.verify", _ -> Reports.check(torpor.verify(CheckProgress.NONE)));
    methods.reading(
        "state.repair", params -> repair(params.texts("from_documents")), "from_documents");
    methods.reading("state.clean_up", this::cleanUp, "max_age_seconds");
    methods.reading("runtime.info", _ -> info());
  }

  private Map<String, @Nullable Object> cleanUp(Params params) {
    long began = System.nanoTime();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("removed", torpor.cleanUp(params.requiredDuration("max_age_seconds")));
    answer.put("took_seconds", (System.nanoTime() - began) / 1e9);
    return answer;
  }

  private Map<String, @Nullable Object> repair(@Nullable List<String> fromDocuments) {
    return Reports.repair(
        torpor.repair(CheckProgress.NONE, fromDocuments == null ? List.of() : fromDocuments));
  }

  private Map<String, @Nullable Object> stats() {
    Map<String, @Nullable Object> agents = new LinkedHashMap<>();
    AgentCounts counts = torpor.counts();
    for (AgentStatus status : AgentStatus.values()) {
      agents.put(Views.name(status), counts.of(status));
    }
    StoreStats stats = torpor.stats();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("agents", agents);
    answer.put("entries", stats.entries());
    answer.put("appended", stats.appended());
    answer.put("durable", stats.durable());
    answer.put("journal_bytes", stats.journalBytes());
    answer.put("journal_segments", stats.journalSegments());
    putPacks(answer, stats);
    DocumentsLag lag = torpor.documentsLag();
    answer.put("documents_waiting", lag.agents());
    answer.put("documents_lag_seconds", Views.seconds(lag.oldest()));
    return answer;
  }

  private static void putPacks(Map<String, @Nullable Object> answer, StoreStats stats) {
    answer.put("packed", stats.packed());
    answer.put("packs", stats.packs());
    answer.put("pack_bytes", stats.packBytes());
    answer.put("twin_bytes", stats.twinBytes());
    answer.put("last_checkpoint", lastCheckpoint(stats.checkpoint()));
  }

  private static @Nullable Map<String, @Nullable Object> lastCheckpoint(
      @Nullable CheckpointReport report) {
    if (report == null) {
      return null;
    }
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("seq", report.seq());
    view.put("entries", report.entries());
    view.put("at", report.at().toString());
    view.put("took_seconds", Views.seconds(report.took()));
    return view;
  }

  private Map<String, @Nullable Object> checkpoint() {
    long began = System.nanoTime();
    torpor.checkpoint();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    putPacks(answer, torpor.stats());
    answer.put("took_seconds", (System.nanoTime() - began) / 1e9);
    return answer;
  }

  private Map<String, @Nullable Object> info() {
    String version = StateMethods.class.getPackage().getImplementationVersion();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("version", version == null ? "(not packaged)" : version);
    answer.put("store", torpor.stats().kind());
    answer.put("node", node);
    answer.put("started_at", startedAt.toString());
    answer.put("recovery", recovery(torpor.recovery()));
    answer.put("scrub", scrub(torpor.scrub()));
    return answer;
  }

  private static Map<String, @Nullable Object> scrub(ScrubReport report) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("passes", report.passes());
    view.put("progress", report.progress());
    view.put("damaged", report.damaged().stream().map(Reports::damage).toList());
    return view;
  }

  private Map<String, @Nullable Object> recovery(RecoveryReport report) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("agents", report.agents());
    view.put("tasks_resumed", torpor.tasksResumed());
    view.put("commits_replayed", report.commitsReplayed());
    view.put("damaged", report.damaged().stream().map(Reports::damage).toList());
    view.put("took_seconds", Views.seconds(report.took()));
    return view;
  }

  /** This process among those of a network. */
  private static String node() {
    long pid = ProcessHandle.current().pid();
    try {
      return pid + "@" + InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return pid + "@localhost";
    }
  }
}
