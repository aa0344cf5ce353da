package dev.torpor.cli;

import picocli.CommandLine.Command;

@Command(
    name = "mail",
    description = "Sends and reads mail.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {MailSendCommand.class, MailCheckCommand.class, MailListCommand.class})
final class MailCommand extends TorporCommand {
  @Override
  public Integer call() {
    throw CommandException.wrongUsage("mail send, mail check or mail list? See torpor mail --help");
  }
}
