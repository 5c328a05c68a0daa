package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.GroupDetails;
import hudson.security.Permission;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import jenkins.model.IdStrategy;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kohsuke.stapler.HttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Every decision about an open gate by everybody: what it answers, and whether anything has changed. */
class GateAccessTest {

    private static final String ITEM = "Backup made";
    private static final String LISTED = "release-managers";

    private static final Set<Permission> APPROVING =
            Set.of(Jenkins.READ, GitOpsPermissions.VIEW, GitOpsPermissions.APPROVE);
    private static final Map<String, Set<Permission>> PEOPLE = Map.of(
            "anonymous",
            Set.of(),
            "reader",
            Set.of(Jenkins.READ, GitOpsPermissions.VIEW),
            "approver",
            APPROVING,
            "other",
            APPROVING);

    @TempDir
    private Path home;

    private Run<?, ?> run;

    @BeforeEach
    void jenkins() throws Exception {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withAccess((who, permission, where) -> who.getName().equals("administrator")
                        || PEOPLE.getOrDefault(who.getName(), Set.of()).contains(permission));
        run = Pipelines.run("shop");
    }

    private LiveGate open() {
        return open(LISTED);
    }

    private LiveGate open(String from) {
        String id = UUID.randomUUID().toString();
        return GitOpsServices.get()
                .gates()
                .open(
                        new GateSubject.Question(id, "Go on?", new Provenance(null, "starter", null, List.of())),
                        new GateDefinition(List.of(new Approvals(1, List.of(from))), List.of(ITEM)),
                        List.of(),
                        GateAction.of(run).store(id));
    }

    private int ask(String verb, LiveGate gate) {
        GateApi api = GateAction.of(run).getV1();
        String click = UUID.randomUUID().toString();
        try {
            return status(
                    switch (verb) {
                        case "gates" -> api.doGates();
                        case "approve" -> api.doApprove(gate.id(), click, "fine");
                        case "withdraw" -> api.doWithdraw(gate.id(), click);
                        case "reject" -> api.doReject(gate.id(), click, "no");
                        case "tick" -> api.doTick(gate.id(), click, ITEM);
                        case "untick" -> api.doUntick(gate.id(), click, ITEM);
                        case "override" -> api.doOverride(gate.id(), click, "night", "approvals,checklist");
                        default -> throw new AssertionError(verb);
                    });
        } catch (AccessDeniedException denied) {
            return 403;
        }
    }

    /** Rejecting and ticking need the permission alone: who may stop a release is no secret list. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        verb     | anonymous | reader | approver | other | administrator
        gates    | 403       | 200    | 200      | 200   | 200
        approve  | 403       | 403    | 200      | 403   | 403
        withdraw | 403       | 409    | 409      | 409   | 409
        reject   | 403       | 403    | 200      | 200   | 200
        tick     | 403       | 403    | 200      | 200   | 200
        untick   | 403       | 403    | 409      | 409   | 409
        override | 403       | 403    | 403      | 403   | 200
        """, useHeadersInDisplayName = true)
    void whoMayDoWhat(String verb, int anonymous, int reader, int approver, int other, int administrator) {
        Map<String, Integer> expected = Map.of(
                "anonymous", anonymous,
                "reader", reader,
                "approver", approver,
                "other", other,
                "administrator", administrator);
        expected.forEach((who, status) -> {
            LiveGate gate = open();
            List<GateEvent> before = decisions(gate);

            try (ACLContext as = ACL.as2(StandIn.user(who, who.equals("approver") ? List.of(LISTED) : List.of()))) {
                assertThat(ask(verb, gate)).as("%s by %s in %s", verb, who, as).isEqualTo(status);
            }

            boolean changes = status == 200 && !verb.equals("gates");
            assertThat(decisions(gate).equals(before))
                    .as("%s by %s changes nothing", verb, who)
                    .isNotEqualTo(changes);
        });
    }

    /** Who is who is Jenkins' to say: letters that only Unicode's rules take for each other are not the same. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        from                   | who   | groups           | ids         | status
        other                  | other | staff            | insensitive | 200
        OTHER                  | other | staff            | insensitive | 200
        OTHER                  | other | staff            | sensitive   | 403
        staff                  | other | staff            | insensitive | 200
        STAFF                  | other | staff            | sensitive   | 403
        user:other             | other | staff            | insensitive | 200
        group:other            | other | staff            | insensitive | 403
        group:staff            | other | staff            | insensitive | 200
        user:staff             | other | staff            | insensitive | 403
        ıris                   | iris  | staff            | insensitive | 403
        \u212Aim               | kim   | staff            | insensitive | 403
        group:\u212Anights     | kim   | knights          | insensitive | 403
        known                  | known | staff            | insensitive | 403
        user:known             | known | staff            | insensitive | 200
        group:known            | known | known            | insensitive | 403
        other                  | other | other            | insensitive | 200
        authenticated          | other | authenticated    | insensitive | 403
        """, useHeadersInDisplayName = true)
    void approversAreComparedAsJenkinsComparesThem(String from, String who, String group, String ids, int status) {
        IdStrategy strategy =
                ids.equals("sensitive") ? new IdStrategy.CaseSensitive() : new IdStrategy.CaseInsensitive();
        StandIn.current().withAccess((somebody, permission, where) -> true).withSecurityRealm(realm(strategy, "known"));

        try (ACLContext as = ACL.as2(StandIn.user(who, List.of(group)))) {
            assertThat(ask("approve", open(from))).as("%s in %s", who, as).isEqualTo(status);
        }
    }

    private static SecurityRealm realm(IdStrategy strategy, String... groups) {
        return new StandIn.UsersOnly() {
            @Override
            public IdStrategy getUserIdStrategy() {
                return strategy;
            }

            @Override
            public GroupDetails loadGroupByGroupname2(String group, boolean fetchMembers) {
                if (!List.of(groups).contains(group)) {
                    throw new UsernameNotFoundException(group);
                }
                return new GroupDetails() {};
            }
        };
    }

    private String refusal(String verb, String who) {
        LiveGate gate = open(who);
        GateApi api = GateAction.of(run).getV1();
        try (ACLContext as = ACL.as2(StandIn.user(who, List.of(who)))) {
            assertThat(as).isNotNull();
            assertThat(ask(verb, gate)).as("%s by %s", verb, who).isEqualTo(403);
            assertThat(decisions(gate)).isEmpty();
            return captured(api.doApprove(gate.id(), UUID.randomUUID().toString(), "fine"))
                    .body();
        }
    }

    /** A matrix grants permissions to everybody by these names; a decision needs somebody. */
    @ParameterizedTest
    @CsvSource({"anonymous", "authenticated", "Authenticated", "SYSTEM", "unknown"})
    void nobodyDecidesWhateverTheMatrixGrants(String nobody) {
        StandIn.current().withAccess((somebody, permission, where) -> true);

        for (String verb : List.of("approve", "withdraw", "reject", "tick", "untick", "override")) {
            assertThat(refusal(verb, nobody))
                    .contains(nobody + " cannot decide about 'Go on?'")
                    .contains("sign in with an account of your own");
        }
    }

    @Test
    void aDisabledOrDeletedAccountDecidesNothing() {
        StandIn.current().withAccess((somebody, permission, where) -> true).withAccounts(account -> {
            if (account.getName().equals("gone")) {
                throw new UsernameNotFoundException("gone");
            }
            return User.withUsername(account.getName())
                    .password("")
                    .authorities(account.getAuthorities())
                    .disabled(account.getName().equals("disabled"))
                    .build();
        });

        for (String verb : List.of("approve", "withdraw", "reject", "tick", "untick", "override")) {
            assertThat(refusal(verb, "disabled")).contains("the account is disabled");
            assertThat(refusal(verb, "gone")).contains("no longer known to the security realm");
        }
    }

    @Test
    void aUserNamedLikeAGroupIsToldHowTheUserIsMeant() {
        StandIn.current()
                .withAccess((somebody, permission, where) -> true)
                .withSecurityRealm(realm(IdStrategy.CASE_INSENSITIVE, "known"));

        assertThat(refusal("approve", "known")).contains("write user:known in gitops.yaml");
    }

    private String gatesSeenBy(String who, String... groups) {
        try (ACLContext as = ACL.as2(StandIn.user(who, List.of(groups)))) {
            assertThat(as).isNotNull();
            return body(GateAction.of(run).getV1().doGates());
        }
    }

    @Test
    void whoWouldBeRefusedIsToldWhyInsteadOfBeingOfferedToApprove() {
        open();

        assertThat(gatesSeenBy("approver", LISTED))
                .contains("\"approveRefusal\":null,\"approveNext\":\"The gate then still waits for")
                .contains("\"withdrawable\":false");
        assertThat(gatesSeenBy("other"))
                .contains("\"approveRefusal\":\"other is not among those who may approve")
                .contains(LISTED);
        assertThat(gatesSeenBy("reader"))
                .contains("\"approveRefusal\":\"reader may not decide about promotions here")
                .contains("\"approveNext\":null");
    }

    @Test
    void theRunsOwnPageSaysWhatItsGatesWaitFor() {
        LiveGate gate = open();
        assertThat(GateAction.of(run).getWaiting())
                .singleElement()
                .asString()
                .contains("waits for approvals (0 of 1 from " + LISTED);

        gate.close("enough");

        assertThat(GateAction.of(run).getWaiting()).isEmpty();
    }

    /** What people decided; what checks say, which are asked meanwhile, is left out. */
    private List<GateEvent> decisions(LiveGate gate) {
        return GateAction.gate(run, gate.id()).orElseThrow().events().stream()
                .filter(GateEvent.Decided.class::isInstance)
                .toList();
    }

    static int status(HttpResponse answer) {
        return captured(answer).status();
    }

    private static String body(HttpResponse answer) {
        CapturedAnswer captured = captured(answer);
        assertThat(captured.status()).isEqualTo(200);
        return captured.body();
    }

    private static CapturedAnswer captured(HttpResponse answer) {
        try {
            return CapturedAnswer.of(answer);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }
}
