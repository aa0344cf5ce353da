package dev.torpor.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {

  private final Disk disk = Disk.real();

  @TempDir private Path folder;

  @Test
  void whatIsWrittenAndForcedIsReadAtAnyPosition() throws IOException {
    Path file = folder.resolve("file");
    try (WriteFile out = disk.create(file)) {
      out.write(bytes("..hello.."), 2, 5);
      out.force();
    }
    try (ReadFile in = disk.openToRead(file)) {
      byte[] buffer = new byte[8];
      assertThat(in.size()).isEqualTo(5);
      assertThat(in.read(1, buffer, 2, 6)).isEqualTo(4);
      assertThat(new String(buffer, 2, 4, UTF_8)).isEqualTo("ello");
      assertThat(in.read(5, buffer, 0, 1)).isEqualTo(-1);
    }
  }

  @Test
  void creatingEmptiesAFileAndAppendingDoesNot() throws IOException {
    Path file = folder.resolve("file");
    write(disk.create(file), "old content");
    write(disk.create(file), "new");
    write(disk.append(file), "er");
    assertThat(disk.readAll(file, 5)).asString(UTF_8).isEqualTo("newer");
  }

  @Test
  void aFileThatIsLongerThanTheLimitIsNotReadIntoMemory() throws IOException {
    Path file = folder.resolve("file");
    write(disk.create(file), "12345");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> disk.readAll(file, 4))
        .withMessageContaining("5 bytes (limit 4)");
  }

  @Test
  void anInterruptNeitherBreaksOffAnOperationNorClosesAFile() throws IOException {
    Path file = folder.resolve("file");
    write(disk.create(file), "0123456789");
    try (DurableFile durable = disk.openDurable(file);
        ReadFile in = disk.openToRead(file)) {
      Thread.currentThread().interrupt();
      durable.writeDurably(3, bytes("abc"), 0, 3);
      disk.forceFolder(folder);
      assertThat(in.read(0, new byte[10], 0, 10)).isEqualTo(10);
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
      durable.writeDurably(0, bytes("xyz"), 0, 3);
    }
    assertThat(Files.readString(file)).isEqualTo("xyzabc6789");
  }

  @Test
  void aMissingFileIsSaidToBeMissingAndNotCreated() {
    Path missing = folder.resolve("missing");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.openDurable(missing));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.openToRead(missing));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.readAll(missing, 1));
    assertThat(disk.exists(missing)).isFalse();
  }

  @Test
  void foldersAreMadeWithAllThatIsAboveThemAndListedInOrder() throws IOException {
    Path deep = folder.resolve("a/b/c");
    disk.createFolders(deep);
    disk.createFolders(deep);
    write(disk.create(deep.resolve("2")), "");
    write(disk.create(deep.resolve("1")), "");
    assertThat(disk.list(deep)).containsExactly(deep.resolve("1"), deep.resolve("2"));
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = folder.resolve("file");
    write(disk.create(file), "");
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> disk.createFolders(file));
  }

  @Test
  void aRenameReplacesAndARemovalOfNothingIsNothing() throws IOException {
    Path from = folder.resolve("from");
    Path to = folder.resolve("to");
    write(disk.create(from), "new");
    write(disk.create(to), "old");
    disk.rename(from, to);
    disk.delete(from);
    assertThat(disk.list(folder)).containsExactly(to);
    assertThat(disk.size(to)).isEqualTo(3);
  }

  @Test
  void onlyAFullDiskIsCalledFull() {
    assertThat(Disk.isFull(new IOException("No space left on device"))).isTrue();
    assertThat(Disk.isFull(new IOException("state/x: Disk quota exceeded"))).isTrue();
    assertThat(Disk.isFull(new IOException("There is not enough space on the disk"))).isTrue();
    assertThat(Disk.isFull(new IOException("Input/output error"))).isFalse();
    assertThat(Disk.isFull(new IOException())).isFalse();
  }

  @Test
  void aFullDiskIsKnownInTheLanguageOfThisProcess() throws IOException {
    String german = "Auf dem Gerät ist kein Speicherplatz mehr verfügbar";
    assertThat(FullDisk.isSaidBy("state/x: " + german, german)).isTrue();
    assertThat(FullDisk.isSaidBy("Eingabe-/Ausgabefehler", german)).isFalse();
    assertThat(FullDisk.isSaidBy("No space left on device", german)).isTrue();
    assertThat(FullDisk.isSaidBy("Input/output error", null)).isFalse();
  }

  @Test
  void theSystemIsAskedForItsWordsWhereItHasADeviceThatIsFull() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "needs /dev/full");
    String words = FullDisk.asSaidBy(full);
    assertThat(words).isNotBlank();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              try (WriteFile file = disk.append(full)) {
                file.write(bytes("x"), 0, 1);
              }
            })
        .satisfies(failure -> assertThat(Disk.isFull(failure)).isTrue())
        .satisfies(failure -> assertThat(FullDisk.isSaidBy(failure.getMessage(), words)).isTrue());
    assertThat(FullDisk.asSaidBy(Path.of("/dev/null"))).isNull();
    assertThat(FullDisk.asSaidBy(folder.resolve("missing"))).isNull();
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertThat(FullDisk.asSaidBy(file)).isNull();
    assertThat(file).hasContent("mine");
  }

  private static void write(WriteFile file, String text) throws IOException {
    try (file) {
      file.write(bytes(text), 0, text.length());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
