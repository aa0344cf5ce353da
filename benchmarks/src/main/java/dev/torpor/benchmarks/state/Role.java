package dev.torpor.benchmarks.state;

import java.util.Locale;

/** What a {@link Child} does. */
enum Role {
  /** Nothing: the limit of a start. */
  NOTHING(arguments -> say("ready", sinceMain())),
  POPULATE(Population::build),
  START(StartedStore::run),
  MAKE_SLEEPERS(SleeperStore::build),
  WAKE_SLEEPERS(SleeperStore::wake),
  MAKE_SQLITE_SLEEPERS(SqliteSleepers::build),
  WAKE_SQLITE_SLEEPERS(SqliteSleepers::wake),
  WORK(SteadyStore::run),
  WRITE(UnderFire::torpor),
  WRITE_ROCKSDB(UnderFire::rocksDb),
  START_ROCKSDB(UnderFire::openRocksDb),
  READ_BYTES(UnderFire::readBytes);

  private static long mainBegan;

  private final Play play;

  Role(Play play) {
    this.play = play;
  }

  /** What is to be done, with the arguments behind the role's name. */
  private interface Play {
    void run(String[] arguments) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    mainBegan = System.nanoTime();
    String[] arguments = new String[args.length - 1];
    System.arraycopy(args, 1, arguments, 0, arguments.length);
    valueOf(args[0]).play.run(arguments);
    System.exit(0);
  }

  /** Milliseconds since this process came to its main method. */
  static double sinceMain() {
    return (System.nanoTime() - mainBegan) / 1e6;
  }

  /** Tells the parent. */
  static void say(String name, double... numbers) {
    StringBuilder line = new StringBuilder(name);
    for (double number : numbers) {
      line.append(String.format(Locale.ROOT, " %.3f", number));
    }
    System.out.println(line);
    System.out.flush();
  }
}
