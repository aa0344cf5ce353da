package dev.torpor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole demo, as a user runs it. */
class DemoIT {
  @TempDir private Path folder;

  @Test
  void theDemoLosesNothingOverItsKillAndReportsWhatItFound() throws Exception {
    Program.Ended demo =
        Program.run(folder.resolve("err"), "demo", "--json", someSources().toString());

    assertThat(demo.status()).as(demo.err()).isZero();
    assertThat(demo.out()).as("one line of JSON").hasLineCount(1);
    JsonNode result = JsonMapper.shared().readTree(demo.out());
    assertThat(result.propertyNames())
        .containsExactlyInAnyOrder(
            "killed_pid",
            "restarted_pid",
            "acknowledged",
            "lost",
            "finished_steps_repeated",
            "report",
            "took_seconds");
    assertThat(result.get("lost").intValue()).isZero();
    assertThat(result.get("finished_steps_repeated").intValue()).isZero();
    assertThat(result.get("acknowledged").intValue()).isPositive();
    assertThat(result.get("took_seconds").doubleValue()).isPositive();
    long killed = result.get("killed_pid").longValue();
    long restarted = result.get("restarted_pid").longValue();
    assertThat(killed).isPositive().isNotEqualTo(restarted);
    assertThat(ProcessHandle.of(killed).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(ProcessHandle.of(restarted).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(result.get("report").isArray()).isTrue();
    assertThat(result.get("report").toString())
        .contains("Swallowing0.java")
        .asInstanceOf(InstanceOfAssertFactories.STRING)
        .contains("TODO");
  }

  @Test
  void thePagesForPeopleEndWithTheTable() throws Exception {
    Program.Ended demo = Program.run(folder.resolve("err"), "demo", someSources().toString());

    assertThat(demo.status()).as(demo.err()).isZero();
    assertThat(demo.out())
        .contains("ACKNOWLEDGED BEFORE THE KILL")
        .contains("finished steps run again: 0");
    assertThat(demo.err()).contains("killed with SIGKILL");
  }

  /** Enough files for a kill in the middle; each has something to be found. */
  private Path someSources() throws IOException {
    Path sources = Files.createDirectories(folder.resolve("project/src/main/java/example"));
    for (int i = 0; i < 12; i++) {
      Files.writeString(
          sources.resolve("Swallowing" + i + ".java"),
          """
          package example;

          class Swallowing%d {
            // TODO: say what went wrong
            void run() {
              try {
                Thread.sleep(1);
              } catch (Exception e) {
              }
            }
          }
          """
              .formatted(i));
    }
    return folder.resolve("project");
  }
}
