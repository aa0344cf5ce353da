package dev.torpor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.CheckProgress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A state folder with an agent that has a word in everything that it can have. */
abstract class ErasureRig {
  static final String WORD = "zyzzyva";

  static final Duration NOBODY = Duration.ofDays(10_000);

  @TempDir Path folder;
  final Moved clock = new Moved();

  /** The wall's clock, moved. */
  static final class Moved extends Clock {
    volatile Duration by = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(by);
    }
  }

  Path state() {
    return folder.resolve("state");
  }

  TorporBuilder builder() {
    return Folders.quick(state()).clock(clock);
  }

  /** An agent that has the word in everything that it can have, and another that has mail of it. */
  static void fill(Torpor torpor) {
    Terms once = new Terms("first", null);
    AgentSpec spec =
        AgentSpec.of("echo")
            .name(WORD)
            .configuration(Map.of(WORD, WORD))
            .toolSets(List.of(WORD))
            .metadata(Map.of("about", WORD));
    torpor.create("alice", spec, once);
    torpor.agent("bob", AgentSpec.of("echo")).append(Message.user("quokka"));
    Agent alice = torpor.agent("alice");
    alice.append(Message.user(WORD));
    torpor.checkpoint();
    Task done = alice.submit(TaskSpec.of(WORD).payload(Map.of(WORD, WORD)));
    Folders.await(torpor, done);
    torpor.perform(new Request.PutMemory("alice", WORD, WORD), once);
    torpor.perform(
        new Request.SendMail(
            MailDraft.of("alice", "alice", WORD, WORD).metadata(Map.of("m", WORD))),
        once);
    alice.mail("nobody", WORD, WORD);
    alice.mail("bob", "Axolotl", "for bob");
    torpor.checkpoint();
    torpor.perform(
        new Request.PutToSleep(
            "alice", new SleepDraft(Duration.ofHours(100), null, List.of(), WORD, false)),
        Terms.NONE);
    alice.submit(TaskSpec.of(WORD));
  }

  /** Files in quarantine, one of them another agent's. */
  void quarantine() throws IOException {
    for (String name :
        List.of(
            "packs/0000000001.jsonl",
            "mirror/0000000001.jsonl.zst.2",
            "journal/0000000001.jsonl",
            "agents/alice.jsonl",
            "agents/alice_journal.jsonl.3",
            "agents/bob.jsonl",
            "mail/alice_mailbox.json.2",
            "system/metadata.json")) {
      Path file = state().resolve("quarantine").resolve(name);
      Files.createDirectories(file.getParent());
      boolean stays = name.contains("bob") || name.contains("system");
      Files.writeString(file, stays ? "another's" : WORD);
    }
  }

  /** In which files the word is, decompressed, and those that have none yet among them. */
  static List<String> found(Path state, String word) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = read(file);
        String text = file.getFileName() + new String(bytes, ISO_8859_1);
        if (text.contains(word)
            || (file.toString().contains(".zst") && decompressed(bytes).contains(word))) {
          found.add(state.relativize(file).toString());
        }
      }
    } catch (UncheckedIOException | IOException e) {
      return found(state, word); // a folder changed on the way
    }
    return found;
  }

  List<String> found() {
    return found(state(), WORD);
  }

  static byte[] read(Path file) throws IOException {
    try {
      return file.endsWith("LOCK") ? new byte[0] : Files.readAllBytes(file);
    } catch (NoSuchFileException gone) {
      return new byte[0];
    }
  }

  static String decompressed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
      in.transferTo(out);
    } catch (IOException e) {
      // as far as it goes
    }
    return out.toString(ISO_8859_1);
  }

  static void assertTheRestIsThere(Torpor torpor) {
    assertThat(torpor.agent("bob").history(1).getFirst().content()).isEqualTo("quokka");
    assertThat(torpor.agent("bob").unreadMail()).extracting(Mail::subject).contains("Axolotl");
    assertThat(torpor.find("alice")).isEmpty();
    assertThat(torpor.tasks(null, null, 100, null).items()).isEmpty();
    assertThat(torpor.tasks(null, TaskStatus.COMPLETED, 100, null).items()).isEmpty();
    assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
  }
}
