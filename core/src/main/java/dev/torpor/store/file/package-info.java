/**
 * The file store: a state folder, held by one process.
 *
 * <p>In this form the journal alone makes state durable, and opening replays all of it into the
 * memory table. Opening goes: lock the folder; read the manifest and its backup; replay the journal
 * through the same fold that decided it; check every agent; write the manifest that is bad, missing
 * or older again; start the journal in a new segment, which makes durable whatever was read and was
 * perhaps not. Nothing is served before, and what is refused before the first write has changed
 * nothing but LOCK.
 *
 * <h2>The lock</h2>
 *
 * <p>{@code LOCK} is locked by the system for as long as the process lives that has the folder.
 * What stands in it is for people and for commands that find it locked: who that is, since when,
 * and, once a server listens, where. A process that ended in order has emptied it.
 *
 * <pre>{@code
 * {"pid":4711,"host":"build-7","since":"2026-01-31T08:00:00Z","url":"http://127.0.0.1:7070"}
 * }</pre>
 *
 * <h2>The manifest</h2>
 *
 * <p>{@code system/metadata.json}, and {@code system/metadata.backup.json} with the same bytes: one
 * JSON object. Its first field {@code _checksum} is the CRC32C, eight lower-case hexadecimal
 * digits, of all bytes after the field's comma and up to the file's last line break. {@code
 * generation} counts the times that it was written; of two good ones the higher counts. It holds
 * the format's version, the store's id, how agents are spread over shards, and the segments of the
 * journal with their sizes. Each is written as a temporary file, forced, renamed, its folder
 * forced; the backup first, so that from then on the new content cannot be lost. A missing one is
 * told as damage, as a bad one is, but for the very first main one. One whose checksum is good and
 * whose {@code format} is newer, or that cannot be understood, is never overwritten: the folder is
 * refused. Fields that are not known are passed over.
 *
 * <pre>{@code
 * {"_checksum":"bb8d8c2c","generation":3,"format":1,"store":"0199…","shards":1,
 *  "shard_function":"crc32c_lower_case_id_mod_256","segments":[{"number":1,"size":16777216}]}
 * }</pre>
 */
@NullMarked
package dev.torpor.store.file;

import org.jspecify.annotations.NullMarked;
