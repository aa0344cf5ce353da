package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Caller;
import dev.torpor.cli.CommandException;
import java.util.HashMap;
import java.util.Map;

/**
 * A second client, which writes to the server all the time, so that the kill comes in the middle of
 * a write. A message is in the ledger once its answer has come; one without an answer is sent again
 * with its key, until the answer comes.
 */
final class Notes implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;

  private final Ledger ledger;
  private volatile Caller caller;
  private volatile boolean isOver;
  private final Thread thread;

  Notes(Caller caller, Ledger ledger) {
    this.caller = caller;
    this.ledger = ledger;
    this.thread = Thread.ofVirtual().unstarted(this::write);
  }

  /** Begins to write; the agent has to be there. */
  void begin() {
    thread.start();
  }

  /** Goes on with another server. */
  void goOnWith(Caller caller) {
    this.caller = caller;
  }

  private void write() {
    for (int number = 1; !isOver; number++) {
      String content = "note " + number + ": " + ledger.reviewed() + " files reviewed";
      while (!append(number, content) && !isOver) {
        pause();
      }
      pause();
    }
  }

  private boolean append(int number, String content) {
    Map<String, Object> params = new HashMap<>();
    params.put("agent_id", ReviewTeam.LEAD);
    params.put("role", "user");
    params.put("content", content);
    params.put("idempotency_key", "note-" + number);
    try {
      Answer answer = caller.call("context.append", params);
      ledger.message(answer.number("index"), content);
      return true;
    } catch (CommandException e) {
      return false; // no answer, or a refusal: nothing to enter
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    isOver = true;
    if (thread.getState() != Thread.State.NEW) {
      thread.join();
    }
  }
}
