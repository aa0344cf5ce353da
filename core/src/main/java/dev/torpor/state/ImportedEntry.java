package dev.torpor.state;

/**
 * An entry that comes from another store, where it was under the same key.
 *
 * @param key made by {@link Keys}
 * @param version of the agent when it was put; 0 where it belongs to none
 * @param value one of this package's records, of the type that goes with the key; never an index
 *     entry, since these follow from the others
 */
public record ImportedEntry(String key, long version, Object value) {
  public ImportedEntry {
    if (!Keys.valueType(key).isInstance(value) || value instanceof String) {
      throw new IllegalArgumentException("a " + value.getClass().getSimpleName() + " under " + key);
    }
  }
}
