package org.tessera.importer.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A WCS-T endpoint that only remembers: stands in for the network in tests of the importer. */
final class CapturingServer implements AutoCloseable {
  private final HttpServer server;
  private final List<List<String>> requests = new ArrayList<>();
  private final Set<String> coverages = new HashSet<>();
  private String refuseContaining = "\u0000";
  private boolean denyPaths;
  private boolean batches;

  CapturingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/rasdaman/ows", this::answer);
    server.createContext("/page", e -> page(e, 200));
    server.createContext("/missing", e -> page(e, 404));
    server.start();
  }

  /** As a web server that knows nothing of the request. */
  private static void page(HttpExchange exchange, int status) throws IOException {
    byte[] html =
        "<!DOCTYPE html>\n<html><body>Welcome</body></html>".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.sendResponseHeaders(status, html.length);
    exchange.getResponseBody().write(html);
    exchange.close();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/rasdaman/ows";
  }

  /** Requests that change something, each as its parameters {@code key=value}. */
  synchronized List<List<String>> requests() {
    return List.copyOf(requests);
  }

  synchronized void refuse(String text) {
    refuseContaining = text;
  }

  /** From now on files named by path are refused, as by a server that may not read them. */
  synchronized void denyPaths() {
    denyPaths = true;
  }

  /** From now on it takes several documents in a request, as Tessera does. */
  synchronized void takeBatches() {
    batches = true;
  }

  static String parameter(List<String> request, String key) {
    return request.stream()
        .filter(p -> p.startsWith(key + "="))
        .map(p -> p.substring(key.length() + 1))
        .findFirst()
        .orElse("");
  }

  private static long documents(List<String> parameters, String body) {
    return parameters.stream().filter(p -> p.startsWith("inputCoverage=")).count()
        + body.split("name=\"inputCoverage\"", -1).length
        - 1;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    List<String> parameters = new ArrayList<>();
    if (body.startsWith("--")) {
      parameters.add("multipart=" + body);
    } else {
      for (String pair : body.split("&", -1)) {
        parameters.add(URLDecoder.decode(pair, StandardCharsets.UTF_8));
      }
    }
    String request = parameter(parameters, "request");
    int status = 200;
    String text = "<ok/>";
    if (request.equals("DescribeCoverage")) {
      boolean known = coverages.contains(parameter(parameters, "coverageId"));
      status = known ? 200 : 404;
      text =
          known
              ? "<wcs:CoverageDescriptions xmlns:wcs=\"x\"/>"
              : "<ows:ExceptionReport xmlns:ows=\"x\"><ows:Exception"
                  + " exceptionCode=\"NoSuchCoverage\"/></ows:ExceptionReport>";
    } else if (body.contains(refuseContaining)) {
      status = 400;
      text =
          "<ows:ExceptionReport xmlns:ows=\"x\"><ows:Exception><ows:ExceptionText>cells"
              + " &lt;missing&gt;</ows:ExceptionText></ows:Exception></ows:ExceptionReport>";
    } else if (denyPaths && !body.startsWith("--")) {
      status = 403;
      text =
          "<ows:ExceptionReport xmlns:ows=\"x\"><ows:Exception exceptionCode=\"AccessDenied\""
              + " locator=\"file:///a\"/></ows:ExceptionReport>";
    } else if (documents(parameters, body) > 1 && !batches) {
      // As a server that does not know of it: it takes one of them and says nothing.
      status = 200;
    } else {
      if (request.equals("InsertCoverage") || body.contains("name=\"coverage\"")) {
        text = "<coverageId>c</coverageId>";
      }
      if (documents(parameters, body) > 1) {
        text = "<ok/><!-- " + documents(parameters, body) + " documents -->";
      }
      requests.add(parameters);
      if (request.equals("InsertCoverage") || body.startsWith("--")) {
        coverages.add("c");
      }
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
