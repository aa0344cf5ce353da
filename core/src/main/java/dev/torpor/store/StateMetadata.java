package dev.torpor.store;

import java.time.Instant;

/**
 * What a saved copy of state says about itself: in documents the fields {@code _version}, {@code
 * _seq}, {@code _saved_at} and {@code _session_id}.
 *
 * @param version the version of the agent that it shows; 0 where it shows no single agent
 * @param seq the sequence number of the commit that made this version; where it shows no single
 *     agent, all up to it is in the copy
 * @param savedAt when the copy was made
 * @param sessionId the id of the agent; where it shows no single agent, the id of the store
 */
public record StateMetadata(long version, long seq, Instant savedAt, String sessionId) {}
