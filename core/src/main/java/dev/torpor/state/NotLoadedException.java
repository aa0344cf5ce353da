package dev.torpor.state;

import java.util.List;

/**
 * What was asked for is in the store and not in memory, or nobody knows yet whether it is there.
 * Whoever asked has the store load it, with no lock held, and asks again. Has no stack trace: it is
 * thrown often, and says all in its ranges.
 */
public final class NotLoadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Range> ranges;

  /**
   * Keys that are asked for.
   *
   * @param from the first one, which is needed
   * @param end behind the last one that is likely to be asked for next; not itself among them
   */
  public record Range(String from, String end) {}

  public NotLoadedException(List<Range> ranges) {
    super(null, null, false, false);
    this.ranges = List.copyOf(ranges);
  }

  /** Put together when somebody reads it, which hardly anybody does. */
  @Override
  public String getMessage() {
    return "not in memory: " + ranges;
  }

  public NotLoadedException(String from, String end) {
    this(List.of(new Range(from, end)));
  }

  public List<Range> ranges() {
    return ranges;
  }
}
