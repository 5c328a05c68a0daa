package io.jenkins.plugins.gitops.engine.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.function.Predicate;

/**
 * Which commits to list.
 *
 * @param matching kept commits; evaluated newest first
 * @param limit how many matches at most
 * @param depth how many commits are looked at before giving up
 */
public record HistoryQuery(@NonNull Predicate<CommitInfo> matching, int limit, int depth) {}
