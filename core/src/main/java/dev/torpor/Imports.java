package dev.torpor;

import dev.torpor.rules.Draft;
import dev.torpor.rules.ImportRules;
import dev.torpor.runtime.AgentRuntime;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Session;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.transfer.BadExportException;
import dev.torpor.store.transfer.ExportFiles;
import dev.torpor.store.transfer.ExportReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes imports. A file is read twice: first all of it is checked, and every agent in it, and
 * nothing is changed before that is done; then each agent is committed, whole. In memory is one
 * agent at a time. Thread-safe; one import at a time.
 */
final class Imports {
  private static final Logger log = LoggerFactory.getLogger(Imports.class);

  /** So many portions are on their way to the disk at once. */
  private static final int PIPELINED = 256;

  private final AgentRuntime runtime;
  private final StateSerializer serializer;
  private final StateValidator validator;
  private final ReentrantLock one = new ReentrantLock();

  Imports(AgentRuntime runtime, StateSerializer serializer, StateValidator validator) {
    this.runtime = runtime;
    this.serializer = serializer;
    this.validator = validator;
  }

  /**
   * Imports a file.
   *
   * @param replace whether agents may take the place of those that are here
   * @param progress told again and again how many bytes of the file are done, of twice its size
   */
  ImportReport read(Path file, boolean replace, LongConsumer progress) throws IOException {
    if (!one.tryLock()) {
      throw TorporException.conflict("import_running", "file", "another import runs; wait for it");
    }
    try {
      return TorporException.translating(() -> checkedAndTaken(file, replace, progress));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      one.unlock();
    }
  }

  private ImportReport checkedAndTaken(Path file, boolean replace, LongConsumer progress) {
    try {
      try (ImportedAgents agents = open(file, progress, 0)) {
        agents.forEach(agent -> check(agent, replace), _ -> {});
      }
      try (ImportedAgents agents = open(file, progress, Files.size(file))) {
        return take(agents, replace);
      }
    } catch (BadExportException e) {
      throw new TorporException(
          TorporException.Kind.INVALID,
          "bad_export",
          "file",
          file.getFileName() + " cannot be imported, and nothing was changed: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImportedAgents open(Path file, LongConsumer progress, long before) throws IOException {
    InputStream in = new Counted(Files.newInputStream(file), progress, before);
    try {
      return new ImportedAgents(
          new ExportReader(ExportFiles.reading(in), serializer), in, runtime.store().names());
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Every store has the mailbox for people; one in which nothing ever was brings nothing. */
  private boolean isKnown(ImportedAgent agent) {
    return agent.session().agentId().equals(Session.USER)
        && agent.session().version() == 1
        && runtime.read(fold -> fold.agent(Session.USER) != null);
  }

  private void check(ImportedAgent agent, boolean replace) {
    if (isKnown(agent)) {
      return;
    }
    AgentSnapshot snapshot = agent.snapshot();
    List<String> broken = validator.validate(snapshot);
    if (!broken.isEmpty()) {
      throw TorporException.invalid("file", String.join("; ", broken));
    }
    runtime.read(
        fold -> {
          ImportRules.check(
              fold,
              agent.session(),
              agent.entries(),
              replace,
              agent.portions().size() == 1,
              runtime.limits());
          return true;
        });
  }

  private ImportReport take(ImportedAgents agents, boolean replace) throws IOException {
    runtime.beginUpkeep(); // a store that was opened to be read takes no checkpoints otherwise
    Pipeline pipeline = new Pipeline();
    agents.forEach(
        agent -> take(agent, replace, pipeline),
        portion ->
            pipeline.add(
                draft -> {
                  ImportRules.addToStore(draft, portion);
                  return true;
                }));
    pipeline.finish();
    return new ImportReport(agents.agents(), agents.count());
  }

  /** In one commit, when it fits; else it is there with the last of several. */
  private void take(ImportedAgent agent, boolean replace, Pipeline pipeline) {
    if (isKnown(agent)) {
      return;
    }
    String id = agent.session().agentId();
    Began[] began = {Began.NOT};
    boolean begun = false;
    boolean done = false;
    try {
      for (Iterator<List<ImportedEntry>> rest = agent.portions().iterator(); rest.hasNext(); ) {
        List<ImportedEntry> portion = rest.next();
        boolean first = !begun;
        boolean last = !rest.hasNext();
        pipeline.add(
            draft -> {
              if (first) {
                began[0] = begin(draft, agent, replace);
              }
              return take(draft, agent, began[0], portion, last);
            });
        begun = true;
      }
      done = true;
    } finally {
      if (begun && !done) {
        takeBack(id, began[0].seq());
      }
    }
  }

  /**
   * Where an import began.
   *
   * @param seq its sequence number
   * @param version that of the agent that it replaces; 0 when there was none
   */
  private record Began(long seq, long version) {
    static final Began NOT = new Began(0, 0);
  }

  /** Begins; that all was checked may be some time ago. */
  private Began begin(Draft draft, ImportedAgent agent, boolean replace) {
    boolean inOneCommit = agent.portions().size() == 1;
    ImportRules.checkPlace(draft.fold(), agent.session(), replace, inOneCommit, runtime.limits());
    String id = agent.session().agentId();
    Began began = new Began(draft.stamp().seq(), ImportRules.lastVersion(draft, id));
    ImportRules.begin(draft, id);
    return began;
  }

  private static boolean take(
      Draft draft, ImportedAgent agent, Began began, List<ImportedEntry> portion, boolean last) {
    String id = agent.session().agentId();
    ImportRules.checkGoesOn(draft, id, began.seq());
    ImportRules.add(draft, id, portion);
    if (last) {
      ImportRules.end(draft, agent.session(), began.version());
    }
    return true;
  }

  private void takeBack(String id, long since) {
    try {
      runtime.decide(
          draft -> {
            ImportRules.drop(draft, id, since);
            return true;
          });
    } catch (StoreException e) {
      log.warn("the import of agent {} was cut off; the next start takes it back", id);
    }
  }

  private final class Pipeline {
    private final Queue<CompletableFuture<?>> waiting = new ArrayDeque<>();

    void add(Function<Draft, Boolean> rule) {
      if (waiting.size() == PIPELINED) {
        waiting.remove().join();
      }
      waiting.add(runtime.decideSoon(rule));
    }

    void finish() {
      waiting.forEach(CompletableFuture::join);
    }
  }

  /** Tells how much of a file is read. */
  private static final class Counted extends FilterInputStream {
    private final LongConsumer progress;
    private long count;

    Counted(InputStream in, LongConsumer progress, long before) {
      super(in);
      this.progress = progress;
      this.count = before;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      progress.accept(count);
      return read;
    }
  }
}
