package dev.torpor.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lifts what was written in an older form to the next one, so that every released form stays
 * readable. The form is one number for all kinds of values and changes; when any of them is to look
 * otherwise, it counts up, and an upcaster says what became of what. Pure and thread-safe.
 *
 * <p>A value says its form in its field {@code form}, the first of all, or behind the {@code type}
 * of a change; without that field it is of form 1. So journals, packs and exports may hold lines of
 * several forms.
 */
public interface Upcaster {
  /** The form that it lifts; what comes out is of the next. */
  int from();

  /**
   * Lifts a value.
   *
   * @param type what it is: a record of {@code dev.torpor.state}, or {@link
   *     dev.torpor.state.Change}, whose kind is in its field {@code type}
   * @param fields its JSON in plain Java, to be changed in place, with all that is within
   */
  void lift(Class<?> type, Map<String, @Nullable Object> fields);
}
