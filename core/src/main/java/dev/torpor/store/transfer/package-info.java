/**
 * Export files: state on its way from one store to another. Here is what stands in them, and how
 * they are written and read; what goes into one, and what becomes of it, the door decides.
 *
 * <h2>The file</h2>
 *
 * <p>Lines of JSON in UTF-8, each ended by a line feed; compressed as one Zstandard stream where
 * the file's name ends with {@code .zst}. A line begins with {@code crc}: the CRC32C, eight
 * lower-case hexadecimal digits, of the bytes after that field's comma and up to the line feed, as
 * in a journal or a pack. Fields come in the order given here.
 *
 * <ol>
 *   <li>The first line says what it is: {@code export} is the version of this format, {@code seq}
 *       the sequence number of the commit as of which all is told, {@code at} when it was taken,
 *       and {@code agent}, where it tells of one agent alone, which.
 *   <li>Then the entries, in the order of their keys' bytes: {@code key}, {@code version} and
 *       {@code value} as they stand in a pack. So all lines of an agent stand together, and those
 *       that belong to no agent are behind them. Entries of an index are not told; they follow from
 *       the others. Neither is a broadcast that was on its way, and that nobody was answered.
 *   <li>The last line says that it is complete: {@code end} is how many lines are before it, {@code
 *       agents} of how many agents they tell, the mailbox for people not counted, {@code sum} the
 *       CRC32C of all bytes before it.
 * </ol>
 *
 * <p>A file without the last line, with a byte behind it, or whose counts, sums or order are not as
 * they must be, is refused, whatever is good in it. Of a compressed one, this is held against what
 * was compressed: the few bits that Zstandard itself passes over may be any.
 *
 * <pre>{@code
 * {"crc":"a29c66cc","export":1,"seq":1042,"at":"2026-01-31T08:00:00Z"}
 * {"crc":"80f372c1","key":"~deleted/alice","version":0,"value":{"agent_id":"alice","version":17,"at":"2026-01-30T08:00:00Z"}}
 * {"crc":"6db35ce8","end":2,"agents":0,"sum":"23e6b87f"}
 * }</pre>
 *
 * <p>Values are as the store's serializer writes them: of a store that seals its values, the file
 * is sealed, too, and only a store with the same serializer can take it.
 */
@NullMarked
package dev.torpor.store.transfer;

import org.jspecify.annotations.NullMarked;
