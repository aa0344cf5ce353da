package dev.torpor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFolderTest {
  @TempDir private Path root;

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> files() throws IOException {
    SourceFolder folder = new SourceFolder(root);
    List<String> files = new ArrayList<>();
    for (String part : folder.parts()) {
      files.addAll(folder.files(part));
    }
    return files;
  }

  @Test
  void sourceFilesAreFoundAtTheTopAndBelow() throws IOException {
    write("A.java", "");
    write("src/deep/b.py", "");
    write("src/readme.md", "");

    assertThat(files()).containsExactly("A.java", "src/deep/b.py");
  }

  @Test
  void whatIsBuiltHiddenOrTooLargeIsLeftOut() throws IOException {
    write("target/A.java", "");
    write("src/node_modules/a.js", "");
    write(".git/a.py", "");
    write("src/Large.java", " ".repeat((1 << 20) + 1));

    assertThat(files()).isEmpty();
  }

  @Test
  void aBinaryFileIsNotReviewed() throws IOException {
    write("A.java", "a\0b");
    Files.write(root.resolve("B.java"), new byte[] {(byte) 0xff, (byte) 0xfe});

    assertThat(new SourceFolder(root).read("A.java")).isEmpty();
    assertThat(new SourceFolder(root).read("B.java")).isEmpty();
    assertThat(new SourceFolder(root).read("C.java")).isEmpty();
  }
}
