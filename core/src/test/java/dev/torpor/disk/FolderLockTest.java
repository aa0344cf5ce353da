package dev.torpor.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  private static final byte[] ME = "{\"process\":17}".getBytes(UTF_8);

  private static final String TRY =
      """
      import fcntl, sys
      f = open(sys.argv[1], 'r+')
      try:
        fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        print('taken', flush=True)
        if len(sys.argv) > 2:
          f.write(sys.argv[2]); f.flush(); sys.stdin.read()
      except OSError:
        print('refused', flush=True)
      """;

  private final Disk disk = Disk.real();

  @TempDir private Path folder;

  @Test
  void aSecondAttemptInTheProcessIsRefusedAndLearnsWhoHoldsIt() throws IOException {
    try (FolderLock lock = disk.lock(file(), ME)) {
      assertRefused("{\"process\":17}");
      assertThat(lock).isNotNull();
    }
    disk.lock(file(), ME).close();
  }

  @Test
  void anotherSpellingOfTheFolderIsTheSameLock() throws IOException {
    Path link = folder.resolve("link");
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.createSymbolicLink(link, real);
    try (FolderLock lock = disk.lock(real.resolve("LOCK"), ME)) {
      assertThat(lock).isNotNull();
      assertThatExceptionOfType(FolderLockedException.class)
          .isThrownBy(() -> disk.lock(link.resolve("../link/LOCK"), ME));
    }
  }

  @Test
  void anotherProcessIsRefusedEvenAfterAnAttemptInThisOne() throws Exception {
    assumePython();
    try (FolderLock lock = disk.lock(file(), ME)) {
      assertRefused("{\"process\":17}"); // must not have closed a handle of the file
      assertThat(lock).isNotNull();
      assertThat(run(python()).readLine()).isEqualTo("refused");
    }
    assertThat(run(python()).readLine()).isEqualTo("taken");
  }

  /** The system gives a lock away when any handle of its file is closed, under whatever name. */
  @Test
  void anAttemptUnderAnotherNameDoesNotGiveTheLockAway() throws Exception {
    assumePython();
    Path moved = folder.resolve("moved");
    Path made = Files.createDirectory(folder.resolve("made"));
    try (FolderLock lock = disk.lock(made.resolve("LOCK"), ME)) {
      assertThat(lock).isNotNull();
      Files.move(made, moved);
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatExceptionOfType(FolderLockedException.class)
            .isThrownBy(() -> disk.lock(moved.resolve("LOCK"), "{}".getBytes(UTF_8)))
            .satisfies(refusal -> assertThat(refusal.holder()).isEqualTo("{\"process\":17}"));
      }
      Files.createLink(file(), moved.resolve("LOCK"));
      assertThat(run(python()).readLine()).isEqualTo("refused");
    }
    assertThat(run(python()).readLine()).isEqualTo("taken");
  }

  @Test
  void whatAnotherProcessHoldsIsRefusedUntilItEndsAndTheFileStays() throws Exception {
    assumePython();
    Files.createFile(file());
    Process other = python("{\"process\":42}");
    assertThat(run(other).readLine()).isEqualTo("taken");
    await().until(() -> Files.size(file()) > 0);
    assertRefused("{\"process\":42}");
    assertRefused("{\"process\":42}");
    other.destroyForcibly().waitFor();
    try (FolderLock lock = disk.lock(file(), ME)) {
      assertThat(lock).isNotNull();
    }
    assertThat(Files.size(file())).isZero();
  }

  @Test
  void whatTheHolderSaysLaterIsWhatOthersLearn() throws IOException {
    byte[] longer = "{\"process\":17,\"url\":\"http://127.0.0.1:7070\"}".getBytes(UTF_8);
    FolderLock lock = disk.lock(file(), ME);
    try (lock) {
      lock.rewrite(longer);
      assertRefused(new String(longer, UTF_8));
      assertThat(file()).hasBinaryContent(longer);
      lock.rewrite(ME);
      assertThat(file()).hasBinaryContent(ME);
    }
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> lock.rewrite(longer));
    assertThat(Files.size(file())).isZero();
  }

  @Test
  void aSecondCloseDoesNotTakeTheLockFromTheNextHolder() throws IOException {
    FolderLock first = disk.lock(file(), ME);
    first.close();
    try (FolderLock second = disk.lock(file(), ME)) {
      first.close();
      assertThat(second).isNotNull();
      assertRefused("{\"process\":17}");
    }
  }

  private Path file() {
    return folder.resolve("LOCK");
  }

  private void assertRefused(String holder) {
    assertThatExceptionOfType(FolderLockedException.class)
        .isThrownBy(() -> disk.lock(file(), "{}".getBytes(UTF_8)))
        .satisfies(refusal -> assertThat(refusal.holder()).isEqualTo(holder))
        .withMessageContaining(holder);
  }

  private Process python(String... holder) throws IOException {
    var command = new ArrayList<>(List.of("python3", "-c", TRY, file().toString()));
    command.addAll(List.of(holder));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static BufferedReader run(Process process) {
    return process.inputReader();
  }

  private static void assumePython() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs Python");
  }
}
