/**
 * Documents: the people's copy of the state, which follows it by about a second. This is the
 * specification of the files, and the map of the room.
 *
 * <p>Nothing is recovered from documents unless somebody says so. They are written beside commits,
 * never on the way of one; they are not forced; and they show only what is durable.
 *
 * <h2>The files</h2>
 *
 * <table>
 * <caption>Of an agent, here alice</caption>
 * <tr><td>{@code agents/alice.json}<td>the session, {@code working_memory} by key, and {@code
 *   documents}: what else there is of alice
 * <tr><td>{@code context/alice.jsonl}<td>the conversation history, a message a line, each once and
 *   in order
 * <tr><td>{@code tasks/alice_tasks.json}<td>{@code pending_tasks}, {@code in_progress} and {@code
 *   waiting}, each task with its finished steps in {@code _steps}; and of the 20 tasks that
 *   finished last {@code completed}, {@code failed} and {@code cancelled}, the latest first
 * <tr><td>{@code tasks/alice_history.jsonl}<td>all finished tasks, each behind its steps
 * <tr><td>{@code sleep/alice_sleep.json}<td>the sleep, while it lasts
 * <tr><td>{@code mail/alice_mailbox.json}<td>{@code unread}; {@code read}, the 20 that were read
 *   last, whatever became of them; {@code pending_replies}, sent and waiting for an answer
 * <tr><td>{@code mail/alice_history.jsonl}<td>all mail that alice received or sent
 * </table>
 *
 * <p>The mailbox for people, {@code user}, is kept as an agent's is, but in {@code
 * system/inbox.json}. Of the store:
 *
 * <table>
 * <caption>Of the store</caption>
 * <tr><td>{@code system/active_sessions.json}<td>{@code agents}: of each its status and wake time
 * <tr><td>{@code system/deleted.json}<td>{@code agents} that were deleted: last version and time;
 *   up to which sequence number what they had was {@code erased}
 * <tr><td>{@code system/events.jsonl}<td>of each name of an event the last, and broadcasts that
 *   are on their way
 * <tr><td>{@code system/requests.jsonl}<td>what was answered under idempotency keys
 * <tr><td>{@code system/documents.json}<td>how far all this is: its {@code _seq}
 * </table>
 *
 * <p>So every entry is in a document, but for those of indexes, which follow from the others. A
 * document that would be empty is not there. Active sessions, deleted agents and requests follow
 * checkpoints; all else follows the commits.
 *
 * <h2>Documents that are written whole: {@code .json}</h2>
 *
 * <p>One JSON object in UTF-8, each field and each item on a line of its own, in an order that does
 * not change, so that a comparison by lines shows what changed and no more. First comes {@code
 * _checksum}, eight lower-case hexadecimal digits: the CRC32C (RFC 3720, appendix B.4) of all bytes
 * behind the field's comma, up to the file's last line feed and without it. Then {@linkplain
 * dev.torpor.store.StateMetadata what it says about itself}. Values are as the serializer writes
 * them; where that is an object, it gives its fields to the document. A serializer that seals makes
 * something else of them: it then stands under {@code _sealed}, of the working memory under {@code
 * sealed_memory} by the names of the keys.
 *
 * <p>The agent's own document is written last. In {@code documents} it names of the others the
 * version at which each was last written, its length and checksum, or how many lines it has; {@code
 * content} is the CRC32C of what is behind the metadata; {@code recent} and {@code pending_replies}
 * are the ids of what was chosen. A set whose parts are all as named shows one version of the
 * agent. Sleeping alice:
 *
 * <pre>{@code
 * {"_checksum":"98b57847",
 *   "_version": 4,
 *   "_seq": 5,
 *   "_saved_at": "2026-01-31T08:00:00Z",
 *   "_session_id": "alice_123",
 *   "is_sleeping": true,
 *   "sleep_start": "2026-01-01T00:00:00Z",
 *   "wake_time": "2026-01-01T01:00:00Z",
 *   "wake_events": [
 *     "mail_received"
 *   ],
 *   "wake_task": false,
 *   "since_seq": 5
 * }
 * }</pre>
 *
 * <h2>Documents of lines: {@code .jsonl}</h2>
 *
 * <p>A line is one JSON object, UTF-8, ended by one line feed. Its first field is the CRC32C of the
 * bytes behind the field's comma, up to the line feed and without it. The first line names the
 * agent (or the store), the kind of document, the format, which is 1, and when the agent was
 * created. Each other line is an entry: {@code id}, its key without the agent (of the store, the
 * whole key), version, sequence number, and value. A later line of an id replaces an earlier one;
 * one without a value says that there is none any more. Alice's history:
 *
 * <pre>{@code
 * {"crc":"1d2b2343","agent":"alice_123","kind":"context","format":1,"created_at":"2026-01-01T00:00:00Z"}
 * {"crc":"6336ad75","id":"message/0000000000","version":3,"seq":4,"value":{"index":0,"role":"user","content":"hello","metadata":{},"at":"2026-01-01T00:00:00Z"}}
 * }</pre>
 *
 * <p>Lines behind the length that the agent's own document names were cut off by a crash: they do
 * not count, and the next projection takes them away.
 *
 * <h2>Projecting</h2>
 *
 * <p>{@link dev.torpor.store.file.document.Documents} is the door. Every commit is noted in {@code
 * Dirty}: whose documents it concerns, which of them, and the keys of what a history must get, so
 * that no history is read to add to it. A projection takes a {@linkplain
 * dev.torpor.store.file.document.Snapshot snapshot} of one agent first and then what was noted,
 * which is therefore all that the snapshot shows. {@code AgentProjection} writes what changed:
 * whole documents under another name ({@code system/document.tmp}) and then renamed, lines at the
 * end of their file, the agent's own document last. What happens to a document that is written
 * whole and long is rare: it rests in proportion to its length.
 *
 * <p>Memory is bounded. Of too many changes only the beginning is noted; who changed since is then
 * asked of the store, as after a start that was not preceded by an end in order: everybody who
 * changed behind {@code documents.json} is looked at, and the files of those are not trusted. A
 * power cut can take away what was written in the last seconds, since nothing is forced, and then
 * documents may be older than {@code documents.json} says, or torn; comparing finds them.
 *
 * <p>An agent that {@linkplain dev.torpor.store.StateValidator is broken} is told in the log, and
 * its documents stay as they are. So do those of a damaged agent, which may have what it lost.
 *
 * <h2>Checking</h2>
 *
 * <p>{@link dev.torpor.store.file.document.DocumentCheck} holds all documents against the entries.
 * One that shows an earlier version is stale, which is no damage: a crash or a power cut makes
 * such, and then parts may be missing or not belong together. It is damage when a byte changed,
 * when a document is another agent's or nobody's, or when at the version of the entries it shows
 * something else. {@link dev.torpor.store.file.document.DocumentHealing} compares checksums only,
 * and has damaged, missing and stale documents projected again; it stops the projecting only for an
 * agent with such.
 *
 * <p>{@link dev.torpor.store.file.document.DocumentReader} reads documents back, {@link
 * dev.torpor.store.file.document.Documents#compare} holds them against the entries.
 *
 * <p>This package knows entries. When a checkpoint is taken, whether documents are wanted, and what
 * to do with damaged ones are {@code dev.torpor.store.file}'s.
 */
@NullMarked
package dev.torpor.store.file.document;

import org.jspecify.annotations.NullMarked;
