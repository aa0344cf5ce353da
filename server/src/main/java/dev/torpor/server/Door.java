package dev.torpor.server;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in. A browser is kept from being turned against the server: a page of another site has
 * another origin, a name that is made to point here is no name of the server's, and a form cannot
 * send JSON. Thread-safe.
 */
final class Door {
  private static final String BEARER = "Bearer ";

  private final Set<String> hosts;
  private final Set<String> origins;
  private final byte @Nullable [] token;

  Door(ServerOptions options, int port) {
    this.hosts = hosts(options.host(), port);
    this.origins = hosts.stream().map(host -> "http://" + host).collect(Collectors.toSet());
    this.token = options.token() == null ? null : bytes(options.token());
  }

  /** Why a request is turned away. */
  record Refusal(int status, RpcException error) {}

  /** Checks what holds for every path; null when it may pass. */
  @Nullable Refusal checkSource(HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) {
      return forbidden("host", "this server has another name than the Host that was asked for");
    }
    String origin = request.getHeader("Origin");
    return origin == null || origins.contains(origin.toLowerCase(Locale.ROOT))
        ? null
        : forbidden("origin", "requests from pages of another origin are refused");
  }

  /** Checks what holds for calls; null when it may pass. */
  @Nullable Refusal checkCall(HttpServletRequest request) {
    return isJson(request.getContentType()) ? checkToken(request) : wrongType("application/json");
  }

  /** Checks what holds for a body of another type; null when it may pass. */
  @Nullable Refusal checkPost(HttpServletRequest request, String type) {
    return type.equals(request.getContentType()) ? checkToken(request) : wrongType(type);
  }

  private static Refusal wrongType(String type) {
    return new Refusal(
        415,
        new RpcException(
            RpcException.INVALID_REQUEST, "content_type", "the content type must be " + type));
  }

  /** Checks whether who asks has the token, if one is needed; null when it may pass. */
  @Nullable Refusal checkToken(HttpServletRequest request) {
    return token == null || isToken(request.getHeader("Authorization"), token)
        ? null
        : new Refusal(
            401,
            new RpcException(
                RpcException.NOT_AUTHORISED,
                "token",
                null,
                "a valid token is required",
                "send it as Authorization: Bearer TOKEN"));
  }

  private static Refusal forbidden(String reason, String message) {
    return new Refusal(403, new RpcException(RpcException.NOT_AUTHORISED, reason, message));
  }

  private static boolean isJson(@Nullable String type) {
    if (type == null) {
      return false;
    }
    if (type.equals("application/json")) {
      return true;
    }
    String plain = type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
    return plain.equals("application/json") || plain.equals("application/json;charset=utf-8");
  }

  private static boolean isToken(@Nullable String authorization, byte[] token) {
    return authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(bytes(authorization.substring(BEARER.length()).trim()), token);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether only this machine can reach an address. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static Set<String> hosts(String host, int port) {
    Set<String> names = new HashSet<>(List.of(host));
    if (isLoopback(host) || isWildcard(host)) {
      names.addAll(List.of("localhost", "127.0.0.1", "::1"));
    }
    if (isWildcard(host)) {
      names.addAll(ownNames());
    }
    Set<String> hosts = new HashSet<>();
    for (String name : names) {
      String written = written(name).toLowerCase(Locale.ROOT);
      hosts.add(written + ":" + port);
      if (port == 80) {
        hosts.add(written);
      }
    }
    return Set.copyOf(hosts);
  }

  /** An address as it stands in a URL. */
  static String written(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
  }

  private static Set<String> ownNames() {
    try {
      Set<String> names =
          NetworkInterface.networkInterfaces()
              .flatMap(network -> network.getInterfaceAddresses().stream())
              .map(InterfaceAddress::getAddress)
              .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
              .collect(Collectors.toCollection(HashSet::new));
      names.add(InetAddress.getLocalHost().getHostName());
      names.add(InetAddress.getLocalHost().getCanonicalHostName());
      return names;
    } catch (SocketException | UnknownHostException e) {
      return Set.of();
    }
  }
}
