package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreLockTest {

  private StateFolder folder;

  @BeforeEach
  void chooseFolder(@TempDir Path path) {
    folder = new StateFolder(path.resolve("state"));
  }

  /** Another JVM that opens the folder and says how that went. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) {
      try (FileStore store = new StateFolder(Path.of(args[0])).open()) {
        System.out.println("opened with " + store.appended());
      } catch (StoreException e) {
        System.out.println(e.reason() + " " + e.getMessage());
      }
    }
  }

  private String openedElsewhere() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                folder.path().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), UTF_8);
    assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  void aSecondOpeningInThisProcessIsRefusedAndNamesTheHolder() {
    try (FileStore store = folder.open()) {
      StoreException refusal = refused(Reason.LOCKED, () -> folder.open().close());
      assertThat(refusal)
          .hasMessageContaining("held by a process (pid " + ProcessHandle.current().pid())
          .hasMessageContaining("stop it first");
      StateFolder.commit(store, StateFolder.created("alice"));
    }
    folder.open().close();
  }

  @Test
  void anotherProcessIsRefusedAndNamesTheHolder() throws Exception {
    FileStore store = folder.open();
    try (store) {
      assertThat(openedElsewhere())
          .contains("LOCKED ")
          .contains("pid " + ProcessHandle.current().pid());
    }
  }

  @Test
  void whoIsRefusedLearnsWhereTheHolderServes() throws Exception {
    try (FileStore store = folder.open()) {
      store.servedAt("http://127.0.0.1:7070");
      assertThat(openedElsewhere()).contains("held by the server http://127.0.0.1:7070 (pid ");
      assertThat(refused(Reason.LOCKED, () -> folder.open().close()))
          .hasMessageContaining("http://127.0.0.1:7070");
    }
  }

  @Test
  void anotherProcessOpensItAfterTheClose() throws Exception {
    folder.with(1);
    assertThat(openedElsewhere()).contains("opened with 2");
  }

  @Test
  void aPlaceThatCannotBeUsedIsToldInTheSystemsWords() throws IOException {
    Files.createDirectories(folder.path().resolve("LOCK"));
    assertThat(refused(Reason.UNUSABLE, () -> folder.open().close()))
        .hasMessageEndingWith("LOCK (Is a directory)")
        .hasMessageNotContaining("Exception");

    Path file = Files.createFile(folder.path().resolve("file"));
    assertThat(
            refused(Reason.UNUSABLE, () -> new StateFolder(file.resolve("state")).open().close()))
        .hasMessageEndingWith(file + " is a file")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void anOpeningThatFindsDamageLetsTheLockGo() throws IOException {
    folder.with(1);
    byte[] main = Files.readAllBytes(folder.main());
    Files.write(folder.main(), new byte[1]);
    Files.write(folder.backup(), new byte[1]);
    refused(Reason.DAMAGED, () -> folder.open().close());
    Files.write(folder.main(), main);
    folder.open().close();
  }

  @Test
  void anOpeningThatThrowsSomethingElseLetsTheLockGo() {
    folder.with(1);
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () ->
                    folder.open(
                        Disk.real(),
                        new dev.torpor.store.JsonStateSerializer(),
                        agent -> {
                          throw new UnsupportedOperationException("no opinion");
                        },
                        StateFolder.SMALL)))
        .isInstanceOf(UnsupportedOperationException.class);
    folder.open().close();
  }

  @Test
  void theHolderIsShownForPeople() {
    String here = new String(new LockHolder(Instant.EPOCH, null).encoded(), UTF_8);
    assertThat(here)
        .startsWith("{\"pid\":" + ProcessHandle.current().pid() + ",\"host\":\"")
        .endsWith("\",\"since\":\"1970-01-01T00:00:00Z\"}\n");
    assertThat(LockHolder.shown(here))
        .startsWith("a process (pid ")
        .endsWith("since 1970-01-01T00:00:00Z)");
    String server = new String(new LockHolder(Instant.EPOCH, "http://[::1]:7070").encoded(), UTF_8);
    assertThat(server).endsWith("00Z\",\"url\":\"http://[::1]:7070\"}\n");
    assertThat(LockHolder.shown(server))
        .startsWith("the server http://[::1]:7070 (pid ")
        .endsWith("since 1970-01-01T00:00:00Z)");
    assertThat(LockHolder.shown("")).isEqualTo("another process");
    assertThat(LockHolder.shown(" {}\n")).isEqualTo("another process");
  }
}
