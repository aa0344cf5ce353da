package dev.torpor.cli;

import dev.torpor.cli.demo.DemoCommand;
import dev.torpor.cli.demo.DemoServerCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line's entry. */
@Command(
    name = "torpor",
    description = "Agents that survive: a durable runtime for teams of agents.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      DemoServerCommand.class,
      ServeCommand.class,
      AgentsCommand.class,
      ShowCommand.class,
      HistoryCommand.class,
      SubmitCommand.class,
      MailCommand.class,
      SleepCommand.class,
      WakeCommand.class,
      StartCommand.class,
      StopCommand.class,
      BroadcastCommand.class,
      StatsCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      VerifyCommand.class,
      RepairCommand.class,
      CleanUpCommand.class
    })
public final class Main {
  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Answer in JSON, for machines.")
  boolean json;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  boolean verbose;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Carries out a command line; gives the exit code. */
  public static int run(String... args) {
    return run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine commandLine = new CommandLine(main);
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(Errors::wrongUsage);
    commandLine.setExecutionExceptionHandler(
        (e, command, _) -> Errors.failed(e, command, main.verbose));
    if (args.length == 0) {
      commandLine.usage(out);
      return ExitCode.WRONG_USAGE;
    }
    return commandLine.execute(args);
  }
}
