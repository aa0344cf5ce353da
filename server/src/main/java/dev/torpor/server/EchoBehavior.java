package dev.torpor.server;

import dev.torpor.AgentBehavior;
import dev.torpor.Turn;
import dev.torpor.state.Message;

/** Answers each task with its prompt. */
final class EchoBehavior implements AgentBehavior {
  @Override
  public void run(Turn turn) {
    String prompt = turn.task().prompt();
    turn.append(Message.user(prompt));
    turn.append(Message.assistant(prompt));
    turn.result(prompt);
  }
}
