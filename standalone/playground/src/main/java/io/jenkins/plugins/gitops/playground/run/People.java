package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;

/** Who may act in the playground; nobody has a password here. */
public final class People {

    /** Somebody and the groups they belong to. */
    public record Member(@NonNull String id, @NonNull List<String> groups) {}

    /** The first starts runs; each group of the sample's gates has somebody. */
    public static final List<Member> ALL = List.of(
            new Member("ada", List.of("developers")),
            new Member("rita", List.of("release-managers")),
            new Member("quentin", List.of("qa")),
            new Member("paula", List.of("product-owners")),
            new Member("otto", List.of("on-call")));

    private People() {}

    /** @throws UnknownNameException suggesting the nearest name */
    @NonNull
    public static Member require(@NonNull String id) {
        return ALL.stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(
                        id,
                        "user",
                        "the playground",
                        ALL.stream().map(Member::id).toList()));
    }

    public static void registerWith(@NonNull StandIn jenkins) {
        ALL.forEach(member -> jenkins.withUser(StandIn.user(member.id(), member.groups())));
    }
}
