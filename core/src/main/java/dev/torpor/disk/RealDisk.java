package dev.torpor.disk;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The disk of this machine. */
final class RealDisk implements Disk {

  static final RealDisk INSTANCE = new RealDisk();

  private static final boolean FOLDERS_CAN_BE_FORCED =
      !System.getProperty("os.name", "").startsWith("Windows");

  private RealDisk() {}

  @Override
  public void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    @Nullable Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolders(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException madeByAnother) {
      if (!Files.isDirectory(folder)) {
        throw madeByAnother;
      }
    }
    if (parent != null) {
      forceFolder(parent);
    }
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public byte[] readAll(Path file, int limit) throws IOException {
    try (RandomAccessFile open = open(file, "r")) {
      long size = open.length();
      if (size > limit) {
        throw new IOException("%s has %d bytes (limit %d)".formatted(file, size, limit));
      }
      byte[] bytes = new byte[(int) size];
      open.readFully(bytes);
      return bytes;
    }
  }

  @Override
  public ReadFile openToRead(Path file) throws IOException {
    return new Reading(open(file, "r"));
  }

  @Override
  public WriteFile create(Path file) throws IOException {
    return new Writing(new FileOutputStream(file.toFile()));
  }

  @Override
  public WriteFile append(Path file) throws IOException {
    return new Writing(new FileOutputStream(file.toFile(), true));
  }

  @Override
  public DurableFile openDurable(Path file) throws IOException {
    if (!Files.exists(file)) { // "rwd" would create it
      throw new NoSuchFileException(file.toString());
    }
    return new Durable(open(file, "rwd"));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, ATOMIC_MOVE);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    if (!FOLDERS_CAN_BE_FORCED) {
      return; // Windows has no such call; NTFS journals its names by itself
    }
    // The only channel here. It is this call's own, so an interrupt can close it under nobody else;
    // with the flag down, it cannot break off the force either.
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public FolderLock lock(Path file, byte[] holder) throws IOException {
    return RealFolderLock.take(file, holder);
  }

  /** Opens a file in one of RandomAccessFile's modes, telling "not there" as {@code nio} does. */
  private static RandomAccessFile open(Path file, String mode) throws IOException {
    if (mode.equals("r") && !Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return new RandomAccessFile(file.toFile(), mode);
  }

  private record Reading(RandomAccessFile file) implements ReadFile {

    @Override
    public int read(long position, byte[] buffer, int offset, int length) throws IOException {
      synchronized (file) { // seek and read share the file's one position
        file.seek(position);
        return file.read(buffer, offset, length);
      }
    }

    @Override
    public long size() throws IOException {
      return file.length();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private record Writing(FileOutputStream file) implements WriteFile {

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      file.write(buffer, offset, length);
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /**
   * Opened "rwd": each write returns when its bytes are forced, and an interrupt closes nothing.
   */
  private record Durable(RandomAccessFile file) implements DurableFile {

    @Override
    public void writeDurably(long position, byte[] buffer, int offset, int length)
        throws IOException {
      file.seek(position);
      file.write(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
