package dev.torpor.store.file.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.store.file.pack.MergePolicy.Neighbours;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MergePolicyTest {

  private static final MergePolicy POLICY = MergePolicy.DEFAULT;

  @Test
  void nothingIsMergedAsLongAsThereIsLittle() {
    assertThat(choose()).isEmpty();
    assertThat(choose(5)).isEmpty();
    assertThat(choose(1, 100)).isEmpty();
    assertThat(choose(1, 1, 1, 100)).isEmpty();
    assertThat(choose(1, 4, 16, 100)).isEmpty();
  }

  @Test
  void allAreMergedWhenTheNewerOnesComeToTheOldest() {
    assertThat(choose(1, 1)).contains(new Neighbours(0, 2));
    assertThat(choose(10, 40, 50)).contains(new Neighbours(0, 3));
    assertThat(choose(0, 0)).contains(new Neighbours(0, 2));
  }

  @Test
  void fourOfATierAreMergedWithSmallerOnesBetweenAndBeforeThem() {
    assertThat(choose(1, 1, 1, 1, 1000)).contains(new Neighbours(0, 4));
    assertThat(choose(20, 1, 1, 1, 1, 1000)).contains(new Neighbours(1, 5));
    assertThat(choose(1, 4, 5, 1, 6, 7, 1, 1000)).contains(new Neighbours(0, 6));
    assertThat(choose(1, 1, 20, 1, 1, 1000)).as("not neighbours").isEmpty();
  }

  @Test
  void theSmallestNeighboursAreMergedWhereTiersLeaveTooMany() {
    MergePolicy few = new MergePolicy(4, 6);
    List<Long> sizes = mebibytes(4, 1, 17, 1, 1, 17, 4, 9999);
    assertThat(POLICY.choose(sizes)).isEmpty();
    assertThat(few.choose(sizes)).contains(new Neighbours(1, 5));
  }

  @Test
  void aPolicyWithoutSenseIsRefused() {
    assertThatThrownBy(() -> new MergePolicy(1, 9)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MergePolicy(4, 3)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<Neighbours> choose(long... sizes) {
    return POLICY.choose(mebibytes(sizes));
  }

  private static List<Long> mebibytes(long... sizes) {
    return LongStream.of(sizes).map(size -> size << 20).boxed().toList();
  }

  @Test
  void updatesOfLiveDataStayWithinTheirSpace() {
    Simulation simulation = new Simulation(1, 50_000, 1.0);
    simulation.run(2_000, 1_500);
    simulation.assertBounds(2.5, 4);
    assertThat(simulation.amplification()).isLessThan(5);
    assertThat(simulation.mostPacks).isLessThanOrEqualTo(16);
  }

  @Test
  void smallCheckpointsCostATierEach() {
    Simulation simulation = new Simulation(2, 50_000, 1.0);
    simulation.run(8_000, 60);
    simulation.assertBounds(2.5, 4);
    assertThat(simulation.amplification()).isLessThan(8);
    assertThat(simulation.mostPacks).isLessThanOrEqualTo(24);
  }

  @Test
  void growingDataIsWrittenAFewTimes() {
    Simulation simulation = new Simulation(3, 1_000_000, 0.0);
    simulation.run(600, 1_500);
    simulation.assertBounds(2.5, 4);
    assertThat(simulation.amplification()).isLessThan(7);
    assertThat(simulation.mostPacks).isLessThanOrEqualTo(16);
  }

  @Test
  void checkpointsOfAllSizesStayWithinTheirSpace() {
    for (int seed = 4; seed < 12; seed++) {
      Simulation simulation = new Simulation(seed, 50_000, 0.7);
      for (int i = 0; i < 400; i++) {
        simulation.checkpoint(1 + (int) Math.pow(10, 4 * simulation.random.nextDouble()));
      }
      simulation.assertBounds(2.5, 4);
      assertThat(simulation.amplification()).isLessThan(8);
      assertThat(simulation.mostPacks).isLessThanOrEqualTo(24);
    }
  }

  /** Packs as sets of keys, each key of the same size; nothing is removed. */
  private static final class Simulation {
    private static final long ENTRY = 8 << 10;

    final Random random;
    private final int keys;
    private final double updates;
    private final List<BitSet> newestFirst = new ArrayList<>();
    private final BitSet live = new BitSet();
    private int nextNew;
    private long put;
    private long written;
    int mostPacks;
    private double mostAtRest;
    private double mostAtPeak;

    Simulation(int seed, int keys, double updates) {
      random = new Random(seed);
      this.keys = keys;
      this.updates = updates;
      // A pack of the first part, so that what is live is not nothing.
      BitSet first = new BitSet();
      first.set(0, keys / 10);
      live.or(first);
      newestFirst.add(first);
      nextNew = keys / 10;
    }

    void run(int checkpoints, int entries) {
      for (int i = 0; i < checkpoints; i++) {
        checkpoint(entries);
      }
    }

    void checkpoint(int entries) {
      BitSet pack = new BitSet();
      for (int i = 0; i < entries; i++) {
        boolean update = nextNew == keys || random.nextDouble() < updates;
        pack.set(update ? random.nextInt(nextNew) : nextNew++);
      }
      put += pack.cardinality();
      written += pack.cardinality();
      live.or(pack);
      newestFirst.addFirst(pack);
      for (Optional<Neighbours> next = next(); next.isPresent(); next = next()) {
        merge(next.get());
      }
      mostPacks = Math.max(mostPacks, newestFirst.size());
      mostAtRest = Math.max(mostAtRest, stored() / (double) live.cardinality());
    }

    private Optional<Neighbours> next() {
      return POLICY.choose(newestFirst.stream().map(p -> p.cardinality() * ENTRY).toList());
    }

    private void merge(Neighbours neighbours) {
      List<BitSet> merged = newestFirst.subList(neighbours.from(), neighbours.to());
      BitSet union = new BitSet();
      merged.forEach(union::or);
      written += union.cardinality();
      double atPeak = (stored() + union.cardinality()) / (double) live.cardinality();
      mostAtPeak = Math.max(mostAtPeak, atPeak);
      merged.clear();
      newestFirst.add(neighbours.from(), union);
    }

    private long stored() {
      return newestFirst.stream().mapToLong(BitSet::cardinality).sum();
    }

    double amplification() {
      return written / (double) put;
    }

    void assertBounds(double atRest, double atPeak) {
      assertThat(mostAtRest).as("at rest").isLessThanOrEqualTo(atRest);
      assertThat(mostAtPeak).as("at peak").isLessThanOrEqualTo(atPeak);
    }
  }
}
