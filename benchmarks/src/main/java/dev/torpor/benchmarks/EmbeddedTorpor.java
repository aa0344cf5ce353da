package dev.torpor.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.Agent;
import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.state.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Torpor as a library, in this process. */
record EmbeddedTorpor() implements Contender {

  @Override
  public String name() {
    return "Torpor";
  }

  @Override
  public Session open(Path folder) {
    String vary = System.getProperty("vary", "");
    var b = Torpor.at(folder);
    if (vary.contains("nodocs")) b.documents(false);
    if (vary.contains("nocp")) b.checkpointEvery(java.time.Duration.ofDays(1));
    Torpor torpor = b.open();
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
}
