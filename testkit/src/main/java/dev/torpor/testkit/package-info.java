/**
 * For tests of those who use Torpor or write a store for it, and for its own: a store in memory,
 * and the tests that any store must pass.
 */
@NullMarked
package dev.torpor.testkit;

import org.jspecify.annotations.NullMarked;
