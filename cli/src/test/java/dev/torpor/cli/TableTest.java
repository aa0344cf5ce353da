package dev.torpor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TableTest {
  private static List<String> lines(Table table) {
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text, true));
    return text.toString().lines().map(line -> line.replaceAll("\u001b\\[\\d+m", "")).toList();
  }

  @Test
  void textIsAlignedToTheLeftAndNumbersToTheRight() {
    Table table = new Table("AGENT", "TASKS").row("a", 7).row("longer-one", 12_345);

    assertThat(lines(table))
        .containsExactly("AGENT       TASKS", "a               7", "longer-one  12345");
  }

  @Test
  @Timeout(5)
  void aTableOfManyRowsTakesNoTime() {
    Table table = new Table("A", "B");
    for (int i = 0; i < 20_000; i++) {
      table.row("agent-" + i, i);
    }

    assertThat(lines(table)).hasSize(20_001);
  }

  @Test
  void aTableWithoutRowsIsItsHead() {
    assertThat(lines(new Table("A", "B"))).containsExactly("A  B");
  }

  @Test
  void controlCharactersOfACellDoNotReachTheTerminal() {
    assertThat(lines(new Table("A").row("x\u001b\ny"))).containsExactly("A", "x y");
  }

  @Test
  void aRowHasACellForEachColumn() {
    Table table = new Table("A", "B");

    assertThatThrownBy(() -> table.row("only one")).isInstanceOf(IllegalArgumentException.class);
  }
}
