package dev.torpor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContestIT {

  @ParameterizedTest
  @EnumSource
  void allContendersTakeTurnsAndTheFastestLimitIsTheMeasure(Workload workload, @TempDir Path folder)
      throws Exception {
    List<Contender> contenders = Contenders.of(workload);
    List<String> turns = new ArrayList<>();

    List<Standing> standings =
        new Contest(workload, contenders, 2)
            .run(new Round(folder, Duration.ofMillis(1), Duration.ofMillis(20)), turns::add);

    assertThat(turns).hasSize(2 * contenders.size());
    assertThat(standings).extracting(Standing::contender).isEqualTo(contenders);
    assertThat(standings).allSatisfy(each -> assertThat(each.median().rate()).isPositive());
    assertThat(standings.stream().filter(each -> each.contender().isLimit()))
        .extracting(Standing::ofLimit)
        .contains(1.0);
    assertThat(folder).isEmptyDirectory();
  }
}
