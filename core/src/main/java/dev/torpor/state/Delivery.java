package dev.torpor.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came to a damaged agent, kept until somebody can take it: a mail, or a task.
 *
 * @param id the mail's, or the task's
 * @param mail null when it is a task
 * @param task null when it is a mail
 * @param at when it came
 */
public record Delivery(String id, @Nullable Mail mail, @Nullable TaskSpec task, Instant at) {}
