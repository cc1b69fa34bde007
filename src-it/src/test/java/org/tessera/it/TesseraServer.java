package org.tessera.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A server for the tests of one run: its own data folder and port, started at the first test that
 * asks for it (a parameter of this type, with {@code @ExtendWith(TesseraServer.Provider.class)})
 * and stopped after the last test.
 *
 * <p>System properties: {@code tessera.it.root} the project's folder; {@code tessera.it.database} a
 * JDBC URL (default: H2 in the data folder); {@code tessera.it.server} {@code wildfly} or {@code
 * payara}; {@code tessera.it.url} takes a server that runs already, for working on tests (with
 * {@code tessera.it.data}, its data folder).
 */
final class TesseraServer implements AutoCloseable {
  private static final String COLD = "tessera.warmup.seconds=0";

  private final Path root;
  private final Path data;
  private final URI url;
  private final boolean ours;
  private boolean demo;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private TesseraServer(Path root, Path data, URI url, boolean ours) {
    this.root = root;
    this.data = data;
    this.url = url;
    this.ours = ours;
  }

  static TesseraServer start() {
    Path root = Path.of(System.getProperty("tessera.it.root", "..")).toAbsolutePath().normalize();
    String running = System.getProperty("tessera.it.url");
    if (running != null) {
      Path data = Path.of(System.getProperty("tessera.it.data", root + "/var/data"));
      return new TesseraServer(root, data, URI.create(running), false);
    }
    try {
      Path data = Files.createDirectories(root.resolve("src-it/target/it-" + System.nanoTime()));
      int port = freePort();
      TesseraServer server =
          new TesseraServer(root, data, URI.create("http://localhost:" + port + "/rasdaman"), true);
      server.up(port);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void up(int port) throws IOException {
    List<String> options = new ArrayList<>(List.of("--no-build", "--no-demo"));
    options.addAll(List.of("--port", Integer.toString(port)));
    options.addAll(List.of("--server", System.getProperty("tessera.it.server", "wildfly")));
    String database = System.getProperty("tessera.it.database");
    if (database != null) {
      options.addAll(List.of("--database", database));
    }
    Output output = tessera("up", options, Duration.ofMinutes(6));
    if (output.exit() != 0) {
      throw new IllegalStateException("the server did not start:\n" + output.text());
    }
  }

  /** Imports the demo through the command, unless this run has done it. */
  void needDemo() throws IOException {
    if (!demo) {
      Output output = tessera("up", List.of("--no-build"), Duration.ofMinutes(5));
      if (output.exit() != 0) {
        throw new IllegalStateException("the demo was not imported:\n" + output.text());
      }
      demo = true;
    }
  }

  /**
   * Kills the server's process with SIGKILL, as a power cut would, and starts it again on the same
   * data. It does not warm up any more then: a third of the time of such a test would go there.
   */
  void crashAndRestart() throws IOException, InterruptedException {
    ProcessHandle process = process();
    process.destroyForcibly();
    process.onExit().join();
    Path settings = data.resolve("tessera.properties");
    if (!Files.readString(settings).contains(COLD)) {
      Files.writeString(settings, "\n" + COLD + "\n", StandardOpenOption.APPEND);
    }
    up(url.getPort());
  }

  ProcessHandle process() throws IOException {
    long pid = Long.parseLong(Files.readString(data.resolve("server/server.pid")).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  /** The address below which the services lie, {@code http://localhost:PORT/rasdaman}. */
  URI url() {
    return url;
  }

  /** The OWS endpoint. */
  URI ows() {
    return URI.create(url + "/ows");
  }

  Path root() {
    return root;
  }

  Path data() {
    return data;
  }

  /** GET of a path and query below {@link #url()}; the query is sent as it is given. */
  HttpResponse<byte[]> get(String pathAndQuery) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + pathAndQuery)).GET());
  }

  /** Any method without a body, of a path below {@link #url()}. */
  HttpResponse<byte[]> method(String method, String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.noBody()));
  }

  /** GET of an OWS request with key-value pairs "name=value"; values are encoded here. */
  HttpResponse<byte[]> ows(String... pairs) throws IOException, InterruptedException {
    return get("/ows?" + encoded(pairs));
  }

  /** A WCPS query by GET to {@code /ows/wcps}. */
  HttpResponse<byte[]> wcps(String query) throws IOException, InterruptedException {
    return get("/ows/wcps?" + encoded("query=" + query));
  }

  /** A WCPS query by POST of a form to {@code /ows/wcps}; for long ones. */
  HttpResponse<byte[]> wcpsByPost(String query) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url + "/ows/wcps"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encoded("query=" + query))));
  }

  /** GET of an administrative request, such as {@code coverage/exist}. */
  HttpResponse<byte[]> admin(String path, String... pairs)
      throws IOException, InterruptedException {
    return get("/admin/" + path + "?" + encoded(pairs));
  }

  /** POST of a body to the OWS endpoint. */
  HttpResponse<byte[]> post(String contentType, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(ows())
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(
        request.timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String encoded(String... pairs) {
    List<String> encoded = new ArrayList<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      encoded.add(
          pair.substring(0, equals + 1)
              + URLEncoder.encode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return String.join("&", encoded);
  }

  /** Runs {@code ./tessera COMMAND --data DATA ARGUMENTS...}. */
  Output tessera(String command, List<String> arguments, Duration limit) throws IOException {
    List<String> line = new ArrayList<>(List.of(root.resolve("tessera").toString(), command));
    line.addAll(List.of("--data", data.toString()));
    line.addAll(arguments);
    return run(line, limit);
  }

  /** Runs any command, with both its outputs in one text. */
  static Output run(List<String> command, Duration limit) throws IOException {
    Path text = Files.createTempFile("tessera-it", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(text.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException(
            "no end within " + limit + ": " + command + "\n" + Files.readString(text));
      }
      return new Output(process.exitValue(), Files.readString(text));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      Files.delete(text);
    }
  }

  /** What a command printed, and its exit code. */
  record Output(int exit, String text) {}

  @Override
  public void close() throws IOException {
    if (ours) {
      tessera("down", List.of(), Duration.ofMinutes(1));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Gives tests the one server of the run. */
  static final class Provider implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TesseraServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .getOrComputeIfAbsent(
              TesseraServer.class, key -> TesseraServer.start(), TesseraServer.class);
    }
  }
}
