package dev.torpor.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.state.Change;
import dev.torpor.state.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** An older form is invented, in which a message's content was its text. */
class UpcasterTest {
  private static final Upcaster FROM_0 =
      new Upcaster() {
        @Override
        public int from() {
          return 0;
        }

        @Override
        public void lift(Class<?> type, Map<String, @Nullable Object> fields) {
          if (type == Message.class) {
            rename(fields, "text", "content");
          } else if (type == Change.class && "message_appended".equals(fields.get("type"))) {
            rename(object(fields.get("message")), "text", "content");
          }
        }
      };

  @TempDir private Path folder;

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(@Nullable Object json) {
    return (Map<String, @Nullable Object>) json;
  }

  private static void rename(Map<String, @Nullable Object> fields, String from, String to) {
    fields.put(to, fields.remove(from));
  }

  /** Writes as a Torpor of the invented form would have. */
  private static final class OldSerializer implements StateSerializer {
    private final JsonStateSerializer today = new JsonStateSerializer();

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      if (value instanceof String) {
        today.write(value, out);
        return;
      }
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      Map<String, @Nullable Object> json = object(JsonStateSerializer.toJson(value));
      if (value instanceof Change.MessageAppended) {
        json = new LinkedHashMap<>(json);
        Map<String, @Nullable Object> message = new LinkedHashMap<>(object(json.get("message")));
        rename(message, "content", "text");
        json.put("message", message);
      }
      if (value instanceof Change change) {
        String type =
            change.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase();
        fields.put("type", type);
      }
      fields.put("form", 0);
      fields.putAll(json);
      if (value instanceof Message) {
        rename(fields, "content", "text");
      }
      out.write(new JsonMapper().writeValueAsBytes(fields));
    }

    @Override
    public <T> T read(Class<T> type, byte[] json, int offset, int length) {
      return new JsonStateSerializer(List.of(FROM_0)).read(type, json, offset, length);
    }

    @Override
    public String name(String text) {
      return today.name(text);
    }
  }

  @Test
  void aStoreOfAnOlderFormIsReadAndGoesOnInTheNewOne() {
    try (Torpor torpor = Torpor.at(folder).serializer(new OldSerializer()).open()) {
      torpor.agent("alice", AgentSpec.of("none")).append(Message.user("in a pack"));
      torpor.checkpoint();
      torpor.agent("alice").append(Message.user("in the journal"));
      torpor.agent("alice").remember("exact", new BigDecimal("0.1234567890123456789012345"));
    }
    JsonStateSerializer lifting = new JsonStateSerializer(List.of(FROM_0));
    for (int i = 0; i < 2; i++) { // the second time, lines of both forms are there
      try (Torpor torpor = Torpor.at(folder).serializer(lifting).open()) {
        torpor.agent("alice").append(Message.user("of today"));
        assertThat(torpor.messages("alice", 0, 3))
            .extracting(Message::text)
            .containsExactly("in a pack", "in the journal", "of today");
        assertThat(torpor.memory("alice", "exact"))
            .isEqualTo(new BigDecimal("0.1234567890123456789012345"));
      }
    }
  }

  @Test
  void aFormThatIsTooOldIsRefusedAndNoGapMayBeLeft() {
    byte[] json = "{\"form\":-1,\"text\":\"t\"}".getBytes(UTF_8);
    JsonStateSerializer lifting = new JsonStateSerializer(List.of(FROM_0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lifting.read(Message.class, json, 0, json.length))
        .withMessageContaining("form -1, which is too old");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JsonStateSerializer(List.of(FROM_0, FROM_0)));
  }
}
