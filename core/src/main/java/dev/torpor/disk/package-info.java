/**
 * The one seam between Torpor and files.
 *
 * <p>Everything that is durable goes through {@link dev.torpor.disk.Disk}; no other package opens a
 * file of the state folder. So a simulated disk can stand in its place and lose what was never
 * forced, tear a write in two, or be full.
 *
 * <p>The seam promises no more than a POSIX file system does:
 *
 * <ul>
 *   <li>Bytes are safe from a power cut once the file was forced, not before.
 *   <li>A new name, a rename and a removal are safe once their folder was forced, not before. Until
 *       then either state of the name may be found after a crash.
 *   <li>A rename is atomic: the old file or the new one, never a part of either.
 *   <li>After a failed force nothing is known of what it should have forced. Forcing again may
 *       succeed without having written anything, so nobody does.
 * </ul>
 *
 * <p>No operation is broken off by an interrupt, and none closes a file because of one. That rules
 * out {@link java.nio.channels.FileChannel} for anything that several threads share.
 *
 * <p>This package knows nothing of what is in the files, and uses no other package of Torpor.
 */
@NullMarked
package dev.torpor.disk;

import org.jspecify.annotations.NullMarked;
