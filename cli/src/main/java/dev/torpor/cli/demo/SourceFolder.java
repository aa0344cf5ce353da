package dev.torpor.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The folder under review. What cannot be read is left out. */
final class SourceFolder {
  static final int MAX_FILES = 2000;
  private static final long MAX_BYTES = 1 << 20;
  private static final Set<String> SKIPPED =
      Set.of("target", "build", "out", "dist", "node_modules", "vendor", "__pycache__", "venv");

  private final Path root;

  SourceFolder(Path root) {
    this.root = root;
  }

  /** What is directly in the folder: the folders that are looked into, and "" for its own files. */
  List<String> parts() throws IOException {
    List<String> parts = new ArrayList<>(List.of(""));
    try (Stream<Path> children = Files.list(root)) {
      children
          .filter(Files::isDirectory)
          .filter(path -> !Files.isSymbolicLink(path) && !isSkipped(path))
          .map(path -> path.getFileName().toString())
          .sorted()
          .forEach(parts::add);
    }
    return parts;
  }

  private static boolean isSkipped(Path folder) {
    String name = folder.getFileName().toString();
    return name.startsWith(".") || SKIPPED.contains(name);
  }

  /** The source files of a part, sorted. */
  List<String> files(String part) throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        root.resolve(part),
        Set.of(),
        part.isEmpty() ? 1 : Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !folder.equals(root.resolve(part)) && isSkipped(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = root.relativize(file).toString().replace('\\', '/');
            if (attributes.isRegularFile()
                && attributes.size() <= MAX_BYTES
                && Language.of(path).isPresent()) {
              files.add(path);
            }
            return files.size() < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // not readable: not reviewed
          }
        });
    files.sort(null);
    return files;
  }

  /** A file; empty when it is binary or gone. */
  Optional<SourceFile> read(String path) {
    try {
      byte[] bytes = Files.readAllBytes(root.resolve(path));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(SourceFile.of(path, text));
    } catch (CharacterCodingException e) {
      return Optional.empty(); // not text
    } catch (IOException e) {
      return Optional.empty(); // gone, or not readable
    }
  }
}
