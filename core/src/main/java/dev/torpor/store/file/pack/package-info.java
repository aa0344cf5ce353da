/**
 * Packs: where things stand. Immutable, sorted files of entries, one a line, each with a twin that
 * heals it and is healed by it. This is the specification of both, and the map of the room.
 *
 * <h2>Packs</h2>
 *
 * <p>A pack is {@code <number>.jsonl}, the number of ten digits. It holds what became of the
 * entries that changed in a range of sequence numbers, {@code (from, to]}. Its lines are JSON
 * objects, UTF-8, each ended by one line feed; none is blank. A line's first field is its checksum,
 * as in the journal: eight lower-case hexadecimal digits, the CRC32C (RFC 3720, appendix B.4) of
 * the bytes behind the field's comma, up to the line feed and without it. The fields below come in
 * this order, with no space between, numbers without sign or leading zero. In a string of a line,
 * what is below U+0020 stands as a backslash, {@code u} and four lower-case hexadecimal digits; the
 * quotation mark and the backslash have a backslash before them; all else stands as it is. (A value
 * is written as it was given.) So there is one way to write a pack, and whoever verifies one can
 * compare. In this order they are:
 *
 * <ul>
 *   <li>The <b>header</b>: the format's version (this is 1), the store's id, the sequence range,
 *       and {@code filtered}: how the keys begin that are in the filter.
 *   <li>The <b>entries</b>, strictly ascending by their keys' UTF-8 bytes: key (1 to 4096 bytes),
 *       version, sequence number, and the value, one JSON value in a line. No value: the key was
 *       removed. {@code "prefix":true} before it: every older entry whose key begins with this one,
 *       which ends with a slash, was removed too. Older is what is in an older pack; entries of
 *       that prefix in the same pack are newer, and stay. A line has at most 32 MiB.
 *   <li>The <b>index</b>. Entries are cut into blocks: one ends before the line that would make it
 *       longer than 16,384 bytes, unless it would be empty. Blocks are cut into parts: one ends
 *       with the block in which its index line, its last comma and end not counted, comes to 4,096
 *       bytes, or its filter to 4,096 keys. An index line is a part's: of each block the first key,
 *       and its position in the file; and where the last block ends.
 *   <li>The <b>filter</b>, a line a part: over its keys that begin as the header says, and over
 *       those that remove a prefix. Absent where a part has none.
 *   <li>The line of <b>parts</b>: of each the first key, position and length of its index line,
 *       position and length of its filter line. A length counts the line feed; 0 is no filter, the
 *       position then being where it would stand.
 *   <li>The <b>footer</b>, at most 8,192 bytes: what the header says; counts of entries, of those
 *       without a value, of those with {@code prefix}; where index, filter and parts begin.
 * </ul>
 *
 * <p>A filter is Base64 of bits, their number <i>m</i> ten for each key and 240 more, rounded up to
 * a multiple of 24. For a key, take FNV-1a of 64 bits over its bytes; twice xor it with itself
 * shifted right by 33 and multiply by 0xff51afd7ed558ccd, then by 0xc4ceb9fe1a85ec53; once more xor
 * and shift. With <i>l</i> its lower 32 bits and <i>h</i> its higher ones, the lowest of these set,
 * the seven bits <i>(l + ih) mod m</i>, <i>i</i> from 0 to 6, are set, bit 0 being the first byte's
 * highest.
 *
 * <p>Agent alice_123 with a task, and bob, who was deleted:
 *
 * <pre>{@code
 * {"crc":"3fe221fe","format":1,"store":"5f1c","from":1039,"to":1042,"filtered":["~id/","~key/"]}
 * {"crc":"99ef2038","key":"alice_123/task/7","version":17,"seq":1042,"value":{"status":"pending"}}
 * {"crc":"89a76374","key":"bob/","version":9,"seq":1040,"prefix":true}
 * {"crc":"d2244a78","key":"~id/alice_123","version":0,"seq":1041,"value":"alice_123"}
 * {"crc":"b7749b0e","key":"~id/bob","version":0,"seq":1040}
 * {"crc":"41148991","index":[["alice_123/task/7",95]],"end":403}
 * {"crc":"91ee60f0","filter":"AAAYAEAAAAAAFAAAAAAIAAMAAAQAAAAAggAAAAEBgGAgEAiE"}
 * {"crc":"b40ed69b","parts":[["alice_123/task/7",403,63,466,79]]}
 * {"crc":"e41459b7","format":1,"store":"5f1c","from":1039,"to":1042,"filtered":["~id/","~key/"],"entries":4,"removals":2,"prefixes":1,"index":403,"filter":466,"parts":545}
 * }</pre>
 *
 * <pre>{@code
 * grep '"key":"alice_123/' packs/0000000007.jsonl | jq .value
 * jq -r 'select(.key and .value == null).key' packs/0000000007.jsonl      # what was removed
 * }</pre>
 *
 * <p>The number stands in the name alone, so that a healed pack, which has a new number, is the
 * same to the byte. What keeps a file from being taken for another one is its {@linkplain
 * dev.torpor.store.file.pack.PackDescription description} in the manifest: opening compares size,
 * range and counts, verifying compares the checksum of the whole file.
 *
 * <p>Which keys are filtered is said in the pack, and as beginnings: a reader that went by an
 * opinion of its own would, after that opinion changed, take entries for missing.
 *
 * <h2>Twins</h2>
 *
 * <p>A pack's twin is {@code <number>.jsonl.zst} in another folder: the pack's bytes as Zstandard
 * frames (RFC 8878), with content size and content checksum. A frame holds up to 1 MiB of them;
 * those written now have 128 KiB, but the last. {@code zstd -dc} gives the pack.
 *
 * <p>From either file, when it is good, a new pair is made under a new number, with the same bytes.
 * Where both are damaged, the entries that are good in either make a new pack, and the ranges of
 * keys that are good in neither are named. A damaged frame hides no other: reading goes on with
 * what begins as a frame does.
 *
 * <h2>Reading</h2>
 *
 * <p>Opening reads the footer and the line of parts, which stays in memory. A look-up then reads,
 * each once and whole: for a filtered key the part's filter line; its index line; the block. Where
 * a pack removes prefixes, it looks for each prefix of the key that ends with a slash as well, by
 * the filter first. Every line that is read is checked. A place that the disk does not give back is
 * damage as well; to who reads a file from its beginning, it hides what is behind it. Between
 * packs, age decides: the {@linkplain dev.torpor.store.file.pack.RunStack newest} that says
 * anything of a key is right.
 *
 * <h2>Writing</h2>
 *
 * <p>Pack and twin are written side by side under their names with {@code .tmp} behind them; both
 * are forced; the twin is renamed and its folder forced; then the pack, and its folder. So what has
 * its name is whole, and a pack that has its name has a twin. Only then may a manifest name them;
 * what none names is left over of a crash. Memory is bounded but for the line of parts: index and
 * filter wait for the last entry in {@code <number>.jsonl.index.tmp} and {@code .filter.tmp} where
 * they are longer than 1 MiB.
 *
 * <p>{@link dev.torpor.store.file.pack.PackFolder} is the door. {@code PackWriter} makes lines of
 * entries, {@code IndexBuilder} index and filter, {@code PairWriter} both files. {@link
 * dev.torpor.store.file.pack.Pack} looks up and scans, {@code ContentCheck} verifies and {@code
 * Inspection} feeds it, {@link dev.torpor.store.file.pack.LooseLines} gives the lines of what
 * nobody describes any more, {@link dev.torpor.store.file.pack.Merge} makes one run of several, and
 * {@link dev.torpor.store.file.pack.MergePolicy} says of which.
 *
 * <p>This package knows keys and bytes. Whose they are, what an entry means, which packs count and
 * when to write, merge, verify and heal are {@code dev.torpor.store.file}'s.
 */
@NullMarked
package dev.torpor.store.file.pack;

import org.jspecify.annotations.NullMarked;
