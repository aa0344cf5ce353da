package dev.torpor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.benchmarks.state.StateWorkload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateWorkloadIT {

  @ParameterizedTest
  @EnumSource
  void eachRunsInItsSmallSizeAndLeavesNothing(StateWorkload workload, @TempDir Path folder)
      throws Exception {
    List<String> told = new ArrayList<>();

    Table table = workload.small().run(new Stage(folder, 1, told::add));

    assertThat(table.rows()).isNotEmpty();
    assertThat(table.rows())
        .allSatisfy(row -> assertThat(row.subList(1, row.size())).anyMatch(this::isPositive));
    assertThat(table.rows().stream().map(List::getFirst))
        .noneMatch(name -> name.contains(": out") || name.contains(": ended"));
    assertThat(told).isNotEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  private boolean isPositive(String cell) {
    return cell.matches("[0-9,.]*[1-9][0-9,.]*");
  }

  @ParameterizedTest
  @EnumSource
  void eachTellsWhatItMeasures(StateWorkload workload) {
    Benchmark full = workload.full(Duration.ofMinutes(10));

    assertThat(full.heading()).startsWith(workload.name() + ": ");
    assertThat(full.about()).isNotBlank();
  }
}
