/**
 * The write-ahead journal: what happened, in order, durable before anybody learns of it. This is
 * the specification of its files, and the map of the room.
 *
 * <h2>Segments</h2>
 *
 * <p>The journal is a row of files, {@code <number>.jsonl}, the number of ten digits. A segment has
 * its full size from the start: what no line was written to yet is line breaks, that is, blank
 * lines, which readers skip. So no force has to write a file's length, and a segment that is
 * shorter than it was made was damaged. A segment comes to be in this order:
 *
 * <ol>
 *   <li>written under its name with {@code .tmp} behind it, and forced;
 *   <li>renamed, and the folder forced;
 *   <li>named in the store's manifests, with number and size, durably;
 *   <li>only then written to.
 * </ol>
 *
 * <p>So a file that no manifest names holds no commit that is not elsewhere too, and is removed.
 * Its good lines count for the durable mark (see below): if they say more than the named segments
 * hold, then it is the manifest that is not the last one, and nothing is removed.
 *
 * <h2>Lines</h2>
 *
 * <p>A line is one JSON object, UTF-8, ended by one line feed. Its first field is its checksum:
 * eight lower-case hexadecimal digits, the CRC32C (RFC 3720, appendix B.4) of the bytes behind the
 * field's comma, up to the line feed and without it. The fields below come in this order, with no
 * space between. Times are UTC, with six digits of the second. There are three kinds of line:
 *
 * <ul>
 *   <li>The <b>header</b>, a segment's first line and nowhere else: the segment's number, the
 *       format's version (this is 1), the store's id, the sequence number from which the segment
 *       counts, its size.
 *   <li>A <b>commit</b>: its sequence number, one more than that of the commit before; the highest
 *       sequence number known to be forced when the line was encoded; when it was decided; and at
 *       least one field more, which this package does not look at.
 *   <li>A <b>mark</b>: the highest sequence number known to be forced, and the time. Written when
 *       the journal was idle for 50 ms and no line says it yet, and when it is closed.
 * </ul>
 *
 * <p>Commits 1041 and 1042, forced together at the start of segment 7 and then marked:
 *
 * <pre>{@code
 * {"crc":"2ea9fa72","segment":7,"format":1,"store":"5f1c","from":1041,"size":16777216}
 * {"crc":"68d48f94","seq":1041,"durable":1040,"at":"2026-11-24T12:00:00.123456Z","changes":[]}
 * {"crc":"bf603aa0","seq":1042,"durable":1040,"at":"2026-11-24T12:00:00.123502Z","changes":[]}
 * {"crc":"71207d13","durable":1042,"at":"2026-11-24T12:00:00.173981Z"}
 * }</pre>
 *
 * <h2>Reading</h2>
 *
 * <p>Segments are read by number. A line at or above the {@code from} of a higher-numbered segment
 * is void: the higher one has it, or it was dropped. The <b>durable mark</b> is the highest that
 * any good line says, or that is known from elsewhere. A line is bad if its checksum is wrong, it
 * has no line feed, or it is not one of the three kinds in its place.
 *
 * <ul>
 *   <li>If a commit above the mark is bad or missing, nobody was told of it: it and all lines
 *       behind it are a {@linkplain dev.torpor.store.file.journal.TornTail torn tail}, and dropped.
 *       So too where a byte changed in the blank space behind the last line: it reads as a bad
 *       line.
 *   <li>If a commit at or below the mark is bad or missing, that is {@linkplain
 *       dev.torpor.store.file.journal.Damage damage}; reading goes on behind it.
 *   <li>A bad line with no commit missing behind it was a mark or a header: damage that loses
 *       nothing. (A mark is forced before the next line is written, so a crash cannot have torn
 *       it.)
 *   <li>A segment that is needed and missing, too short, or another store's, is damage wherever it
 *       lies: it may have held marks, so the mark cannot excuse it.
 * </ul>
 *
 * <p>Behind the last commit, good lines above the mark are <b>the tail</b>. They may have been
 * acknowledged, or be only in the page cache. So every start makes a new segment, numbered above
 * all others, counting from the mark plus one; the tail's lines are copied into it before it gets
 * its name; and a forced mark behind them makes them durable for good. Then the journal serves. A
 * crash at any point of this leaves a folder that reads the same.
 *
 * <h2>Writing</h2>
 *
 * <p>{@link dev.torpor.store.file.journal.Journal} is the door. {@code Appender} encodes lines into
 * a batch, {@code GroupCommit} decides who writes it and wakes whom, {@code SegmentSupply} has the
 * next segment ready, {@code IdleMark} writes marks. After a write or a force that failed, nothing
 * is written any more: what the disk holds then, only a recovery can tell. {@link
 * dev.torpor.store.file.journal.JournalReader} is that: {@code SegmentSurvey} is its first pass,
 * and {@code Replaying} its second.
 *
 * <p>This package knows segments and lines. What a commit says, which segments are needed, and the
 * manifests are {@code dev.torpor.store.file}'s.
 */
@NullMarked
package dev.torpor.store.file.journal;

import org.jspecify.annotations.NullMarked;
