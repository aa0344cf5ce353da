package dev.torpor.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A disk on which whatever changes something first asks the test, which may fail it, count it or
 * hold it up. A write that is failed has happened by half, as in a crash. Places that the test says
 * cannot be read, whatever name their file gets.
 */
public final class FaultyDisk implements Disk {

  /** What changes something. */
  public enum Operation {
    CREATE_FOLDERS,
    CREATE,
    OPEN_DURABLE,
    WRITE,
    FORCE,
    WRITE_DURABLY,
    RENAME,
    FORCE_FOLDER,
    DELETE
  }

  /** The test's say. */
  @FunctionalInterface
  public interface Fault {
    void before(Operation operation, Path file) throws IOException;
  }

  /** Which places of which files cannot be read. */
  @FunctionalInterface
  public interface Unreadable {
    boolean at(Path file, long position);
  }

  private static final int PAGE = 4096;

  private final Disk disk = Disk.real();

  /** The names that files had before, of those that have another one now. */
  private final Map<Path, List<Path>> before = new ConcurrentHashMap<>();

  private volatile Fault fault;
  private volatile Unreadable unreadable = (file, position) -> false;

  public FaultyDisk(Fault fault) {
    this.fault = fault;
  }

  public void setFault(Fault fault) {
    this.fault = fault;
  }

  public Unreadable unreadable() {
    return unreadable;
  }

  public void setUnreadable(Unreadable unreadable) {
    this.unreadable = unreadable;
  }

  private boolean isUnreadable(Path file, long position) {
    return unreadable.at(file, position)
        || before.getOrDefault(file, List.of()).stream()
            .anyMatch(name -> unreadable.at(name, position));
  }

  private void read(Path file, long position) throws IOException {
    if (isUnreadable(file, position)) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    fault.before(Operation.CREATE_FOLDERS, folder);
    disk.createFolders(folder);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return disk.size(file);
  }

  @Override
  public byte[] readAll(Path file, int limit) throws IOException {
    read(file, 0);
    return disk.readAll(file, limit);
  }

  @Override
  public ReadFile openToRead(Path file) throws IOException {
    ReadFile open = disk.openToRead(file);
    return new ReadFile() {
      @Override
      public int read(long position, byte[] buffer, int offset, int length) throws IOException {
        FaultyDisk.this.read(file, position);
        int good = Math.min(length, PAGE - (int) (position % PAGE));
        while (good < length && !isUnreadable(file, position + good)) {
          good = Math.min(length, good + PAGE);
        }
        return open.read(position, buffer, offset, good);
      }

      @Override
      public long size() throws IOException {
        return open.size();
      }

      @Override
      public void close() throws IOException {
        open.close();
      }
    };
  }

  @Override
  public WriteFile create(Path file) throws IOException {
    fault.before(Operation.CREATE, file);
    before.remove(file);
    return writing(file, disk.create(file));
  }

  @Override
  public WriteFile append(Path file) throws IOException {
    fault.before(Operation.CREATE, file);
    return writing(file, disk.append(file));
  }

  @Override
  public DurableFile openDurable(Path file) throws IOException {
    fault.before(Operation.OPEN_DURABLE, file);
    DurableFile open = disk.openDurable(file);
    return new DurableFile() {
      @Override
      public void writeDurably(long position, byte[] buffer, int offset, int length)
          throws IOException {
        try {
          fault.before(Operation.WRITE_DURABLY, file);
        } catch (IOException failure) {
          open.writeDurably(position, buffer, offset, length / 2);
          throw failure;
        }
        open.writeDurably(position, buffer, offset, length);
      }

      @Override
      public void close() throws IOException {
        open.close();
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    fault.before(Operation.RENAME, to);
    disk.rename(from, to);
    List<Path> names = new ArrayList<>(List.of(from));
    List<Path> older = before.remove(from);
    names.addAll(older == null ? List.of() : older);
    before.put(to, names);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    fault.before(Operation.FORCE_FOLDER, folder);
    disk.forceFolder(folder);
  }

  @Override
  public void delete(Path path) throws IOException {
    fault.before(Operation.DELETE, path);
    disk.delete(path);
    before.remove(path);
  }

  @Override
  public FolderLock lock(Path file, byte[] holder) throws IOException {
    return disk.lock(file, holder);
  }

  private WriteFile writing(Path file, WriteFile open) {
    return new WriteFile() {
      @Override
      public void write(byte[] buffer, int offset, int length) throws IOException {
        try {
          fault.before(Operation.WRITE, file);
        } catch (IOException failure) {
          open.write(buffer, offset, length / 2);
          throw failure;
        }
        open.write(buffer, offset, length);
      }

      @Override
      public void force() throws IOException {
        fault.before(Operation.FORCE, file);
        open.force();
      }

      @Override
      public void close() throws IOException {
        open.close();
      }
    };
  }
}
