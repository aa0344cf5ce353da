package dev.torpor.cli;

import dev.torpor.store.transfer.BadExportException;
import dev.torpor.store.transfer.ExportFiles;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A running server. */
final class ServerMover implements Mover {
  private static final String CONTENT_TYPE = "application/x-ndjson";

  private final RpcClient client;

  ServerMover(String server, @Nullable String token) {
    this.client = new RpcClient(server, token);
  }

  @Override
  public Map<String, @Nullable Object> export(OutputStream out, @Nullable String agent, Bar bar)
      throws IOException {
    String query =
        agent == null ? "" : "?agent_id=" + URLEncoder.encode(agent, StandardCharsets.UTF_8);
    HttpResponse<InputStream> response =
        client.send(client.request("/export" + query).GET().build(), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw client.refused(
            response.statusCode(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      ExportFiles.Copied copied = ExportFiles.copy(new Counted(in, bar), out);
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("agents", copied.agents());
      fields.put("entries", copied.entries());
      fields.put("seq", copied.seq());
      return fields;
    } catch (BadExportException e) {
      throw CommandException.failed("what the server sent is no export: " + e.getMessage(), e);
    }
  }

  @Override
  public Map<String, @Nullable Object> take(Path file, boolean replace, Bar bar)
      throws IOException {
    bar.most(Files.size(file));
    HttpRequest request =
        client
            .request("/import" + (replace ? "?replace=true" : ""))
            .header("Content-Type", CONTENT_TYPE)
            .POST(BodyPublishers.ofInputStream(() -> opened(file, bar)))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw client.refused(response.statusCode(), response.body());
    }
    return Answer.of(JsonText.read(response.body())).fields();
  }

  private static InputStream opened(Path file, LongConsumer progress) {
    try {
      return new Counted(Files.newInputStream(file), progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** Tells how much is read. */
  private static final class Counted extends FilterInputStream {
    private final LongConsumer progress;
    private long count;

    Counted(InputStream in, LongConsumer progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      progress.accept(count);
      return read;
    }
  }
}
