package dev.torpor.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.Agent;
import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.state.Message;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Torpor as a library, in this process.
 *
 * @param journalAlone with a journal that keeps everything, no checkpoints and no documents, which
 *     the door does not offer: to tell what these cost; else as it is unless anything is said
 */
record EmbeddedTorpor(boolean journalAlone) implements Contender {

  @Override
  public String name() {
    return journalAlone ? "Torpor, its journal alone" : "Torpor";
  }

  @Override
  public Session open(Path folder) {
    Torpor torpor = journalAlone ? Torpor.with(journal(folder)).open() : Torpor.open(folder);
    AgentSpec spec = AgentSpec.of("none");
    List<Agent> agents =
        IntStream.range(0, Workload.W2.writers())
            .mapToObj(i -> torpor.agent("agent-" + i, spec))
            .toList();
    return new Session() {
      @Override
      public void append(int agent, byte[] message) {
        agents.get(agent).append(Message.user(new String(message, US_ASCII)));
      }

      @Override
      public void close() {
        torpor.close();
      }
    };
  }

  private static FileStore journal(Path folder) {
    return FileStore.open(
        folder,
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        null,
        false);
  }
}
