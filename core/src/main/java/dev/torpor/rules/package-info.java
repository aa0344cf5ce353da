/**
 * Deciding: state × request × time → changes, or a {@link dev.torpor.rules.Refusal}.
 *
 * <p>Pure: the time and the source of ids are handed in with the {@link dev.torpor.rules.Draft}. A
 * rule first looks whether the request can be carried out and refuses it otherwise, then emits
 * changes; each change is folded at once, so that the next sees it. Whoever called drops the draft
 * when a rule throws, so nothing is ever half decided. Rules run one at a time, under the decision
 * lock; they never wait.
 */
@NullMarked
package dev.torpor.rules;

import org.jspecify.annotations.NullMarked;
