package io.jenkins.plugins.gitops.engine.forge;

import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.util.Optional;

class BitbucketCloudTest extends PullRequestsContract {

    BitbucketCloudTest() {
        super(BitbucketCloudDialect::new);
    }

    @Override
    PullRequests open(ForgeServer at) {
        return new BitbucketCloud(new ForgeClient(
                HttpClients.DEFAULT,
                "Bitbucket (127.0.0.1)",
                URI.create(at.url("/2.0/repositories/acme/config")),
                Optional.of(authorization()),
                now::get));
    }

    @Override
    String reviewer() {
        return "{f00d}";
    }
}
