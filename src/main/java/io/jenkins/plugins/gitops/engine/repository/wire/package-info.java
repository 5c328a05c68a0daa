/**
 * Git's smart protocol, as a client: the advertisement, protocol v2's {@code ls-refs} and {@code fetch} with v0 as the
 * fallback, and {@code receive-pack}. Written for what a bump needs, so that a push carries only the objects the edit
 * made and neither configuration, cookies, hooks nor credential helpers of the machine play a part.
 *
 * <p>Why not JGit's transport: first contact with 100,000 files took it 0.79 of git's best time and 2,780 KiB, this
 * package less than half of that and 6 KiB, where at most 0.7 is wanted; {@code make bench} keeps comparing the two. See
 * docs/config-repository.md.
 *
 * <p>Formats: Git's documentation, gitprotocol-common, gitprotocol-v2, gitprotocol-pack, gitprotocol-http and
 * gitformat-pack.
 */
package io.jenkins.plugins.gitops.engine.repository.wire;
