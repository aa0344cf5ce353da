package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.RandomRequests;
import dev.torpor.state.World;
import dev.torpor.store.file.document.Comparison.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens between them, documents show what is so, and no start is lost on the way. */
class RandomDocumentsTest {
  @TempDir private Path path;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void documentsFollowWhateverHappens(long seed) throws Exception {
    Random random = new Random(seed);
    DocumentsRig rig = new DocumentsRig(path.resolve("state"));
    List<String> agents = new ArrayList<>(RandomRequests.AGENTS);
    agents.add("user");
    for (int i = 0; i < 600; i++) {
      RandomRequests.act(rig.world, random);
      switch (random.nextInt(12)) {
        case 0, 1 -> rig.project();
        case 2 -> rig.documents.checkpointed();
        case 3 -> {
          rig.complete();
          check(rig, agents);
        }
        case 4 -> {
          if (random.nextInt(4) == 0) {
            rig.restart();
          }
        }
        default -> {}
      }
    }
    rig.complete();
    check(rig, agents);
    var before = rig.files();
    rig.restart();
    rig.complete();
    assertThat(rig.files()).isEqualTo(before);
  }

  private static void check(DocumentsRig rig, List<String> agents) throws Exception {
    World world = rig.world;
    for (String agent : agents) {
      assertThat(rig.documents.compare(agent))
          .as(agent)
          .isEqualTo(new Comparison(Result.EQUAL, List.of()));
      if (world.fold.agent(agent) == null) {
        assertThat(Files.exists(rig.folder.resolve("agents/" + agent + ".json"))).isFalse();
      } else {
        assertThat(rig.readBack(agent)).as(agent).isEqualTo(rig.values(agent));
      }
    }
  }
}
