/**
 * The file store: a state folder, held by one process.
 *
 * <p>The journal makes a commit durable; checkpoints put what commits wrote into packs, after which
 * that part of the journal goes away; the memory table holds what is in no pack, and of the rest
 * what was asked for lately. Opening goes: lock the folder; read the manifest and its backup; open
 * the packs, of which only the footers and the upper level of the indexes are read, and make a
 * damaged one anew from its twin; replay the journal behind them through the same fold that decided
 * it, loading what it reads; check every agent, if there is no pack yet (later, {@code verify}
 * does); write the manifest that is bad, missing or older again; name packs that were made anew and
 * put the damaged ones into {@code quarantine/}; remove what no manifest names; start the journal
 * in a new segment, which makes durable whatever was read and was perhaps not. Nothing is served
 * before, and what is refused before the manifests are written has changed nothing but LOCK, and
 * perhaps left a pack that the next start removes.
 *
 * <h2>Checkpoints</h2>
 *
 * <p>A checkpoint cuts off what is in no pack, up to a sequence number that it waits to be durable;
 * writes it as one pack with its twin; writes the manifests, which name that pack, and of the
 * segments only those that are needed behind it; and then removes the others. A crash leaves what
 * was before, or what is after, and files that no manifest names. One that fails changes nothing.
 * Commits wait when the journal is four times as long as what asks for one. It comes when a time is
 * over, when the journal has grown to a size, when somebody asks, and when the store is closed;
 * never in a store that is only read.
 *
 * <h2>What counts as removed</h2>
 *
 * <p>Two kinds of entries count as removed though nobody removes them: what is remembered of a
 * request under an idempotency key, once the key has expired; and index entries by ids that lead to
 * an agent which was deleted in their commit or behind it ({@code ~mail/}, {@code ~task/}, {@code
 * ~tasks/}, {@code ~thread/}, {@code ~undeliverable/}). Readers pass over them, and merges drop
 * them when they meet them, so that no merge changes an answer. So it is with an answer under an
 * idempotency key that was erased: {@code ~erased} says up to which sequence number deleted agents'
 * answers are given to nobody, and merges take them out of what is remembered.
 *
 * <h2>Erasure</h2>
 *
 * <p>What a deleted agent had leaves all files, within a time or when somebody asks. The journal
 * goes on in a new segment, whose first commit says {@code ~erased}; a checkpoint takes away the
 * segments before; the packs that have anything up to the last deletion are merged into one, over
 * which nothing older is; in {@code quarantine/} every line that may hold anything of theirs is
 * removed, and the rest stays; the documents follow, or are removed where nobody keeps any. Then
 * {@code erased} in the manifest says how far this was done. A crash leaves that behind the
 * deletions that there are, so the next start sees that there is work, and begins it anew. What
 * says that an agent was deleted stays, and mail that others have of it. {@code
 * docs/decisions/0007} says why so.
 *
 * <h2>Documents</h2>
 *
 * <p>Where they are wanted, {@link dev.torpor.store.file.document documents} follow the commits
 * from {@code begin()} on. What they show is a snapshot: what is in no pack, copied under the
 * table's lock, over the packs of that moment, once it is durable. A checkpoint that somebody asks
 * for, and the last one, are followed by a projection of all that waits; that of a closing store
 * has ten seconds.
 *
 * <h2>The scrub</h2>
 *
 * <p>A store that takes checkpoints reads, from {@code begin()} on and again and again, all that it
 * has written, at a bounded rate: both manifests, each pack and its twin as the manifest describes
 * them, and the journal as far as it is durable. A damaged manifest is written anew; a damaged pack
 * or twin is made anew from the other under a new number. Of what the journal says, memory is the
 * second copy until it is in a pack: for a damaged segment a checkpoint is taken, after which it is
 * needed no more; if it is the one being written, or is to be, the journal goes on in a new one.
 * What was damaged is in {@code quarantine/} then, in a folder by the name of the one where it was.
 * What has no good copy is told, and left as it is. Last come the documents, where they are kept: a
 * damaged one is projected again, and one of nobody goes to quarantine. It reads through the
 * system's page cache: what that still holds is not read from the disk.
 *
 * <h2>What has no second copy</h2>
 *
 * <p>Where commits are lost that were durable, or entries of a pack both of whose copies are
 * damaged, a start that may change the folder first makes one of it that can be opened. What can be
 * read is folded as far as it fits; agents that lost a part become {@code damaged}: their session
 * stays, and what they lost under {@code <agent>/loss}; their entries go to {@code
 * quarantine/agents/<agent>.jsonl}, and lines of the journal that no longer follow to {@code
 * <agent>_journal.jsonl} there. All of it becomes one pack, which the manifests then name in the
 * place of the journal. Whom it concerns is known by a gap in versions, by a bad line that is still
 * legible, by keys, or by documents of lost commits; otherwise the sequence numbers are told. What
 * is whole and does not fit is refused. A verification says which of them {@linkplain
 * dev.torpor.store.file.document.SavedReader documents} would bring back. Where nothing but
 * documents is left, a repair makes a store of them if somebody says so, in which all are damaged,
 * and can be brought back. {@code docs/decisions/0006} says why so.
 *
 * <h2>Verifying</h2>
 *
 * <p>A verification reads everything, and changes nothing: both manifests; each pack and twin line
 * by line, with what index, filter and footer must be, and that a twin holds its pack's bytes; the
 * journal; and over the packs, with the journal's end folded over them, every agent by the
 * validator, every entry's version against its agent's, and every index entry against what it
 * follows from; and the documents against all this. An index entry that leads to a deleted agent
 * and is older than the deletion counts as removed. A store that is open is verified as of the last
 * commit that was durable at the beginning; of a folder that is not, LOCK is held meanwhile.
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
 * the format's version, the store's id, how agents are spread over shards, the segments of the
 * journal with their sizes, and the live packs, the oldest first, each with the range of sequence
 * numbers that it holds (above {@code from}, up to {@code to}) and size and CRC32C of its two
 * files. Up to the last one's {@code to}, the journal is not needed. {@code erased}, 0 where it is
 * missing, is the sequence number up to which nothing is left of what was deleted. Each is written
 * as a temporary file, forced, renamed, its folder forced; the backup first, so that from then on
 * the new content cannot be lost. A missing one is told as damage, as a bad one is, but for the
 * very first main one. One whose checksum is good and whose {@code format} is newer, or that cannot
 * be understood, is never overwritten: the folder is refused. One that cannot be read counts as bad
 * where the other is good; where it is not, the folder is refused, since the unreadable one may be
 * good. Fields that are not known are passed over.
 *
 * <p>Where both are lost, a start that may change the folder makes them anew of what it finds: all
 * segments, and of the packs that are whole in one copy at least, by their ranges, the oldest, of
 * those that begin together the widest, of equal ones the one with the higher number, and then what
 * follows. What does not count goes to quarantine. A range that no pack has is told as lost, and
 * agents that then do not hold together become damaged; an empty pack takes its place. Until then
 * the manifest has a gap, which is damage wherever one is read: so a crash in between hides
 * nothing. The store's id is what packs and segments say, else what {@code system/documents.json}
 * does, else a new one.
 *
 * <pre>{@code
 * {"_checksum":"bb8d8c2c","generation":3,"format":1,"store":"0199…","shards":1,
 *  "shard_function":"crc32c_lower_case_id_mod_256","segments":[{"number":7,"size":16777216}],
 *  "packs":[{"number":1,"from":0,"to":1042,"entries":312,"removals":2,
 *            "pack":{"size":81920,"crc":"5d1f2a03"},"twin":{"size":9155,"crc":"77c0e1b9"}}],
 *  "erased":0}
 * }</pre>
 */
@NullMarked
package dev.torpor.store.file;

import org.jspecify.annotations.NullMarked;
