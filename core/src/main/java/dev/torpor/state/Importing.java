package dev.torpor.state;

/**
 * That an agent is being imported, or brought back: it is there, or sound, with the last portion.
 *
 * @param since the sequence number at which that began; so it is known from any other import
 * @param portions how many portions of it are here
 */
public record Importing(String agentId, long since, long portions) {}
